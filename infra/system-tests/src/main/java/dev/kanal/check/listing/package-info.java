/**
 * The check of lists: a few dead jobs among many that succeeded, found by filters, in time.
 *
 * <p>{@link dev.kanal.check.listing.ListingCommand} is the command line, {@link
 * dev.kanal.check.listing.ListingCheck} the run behind it. Uses load, promise and server; only
 * {@code CheckApplication} uses it.
 */
@NullMarked
package dev.kanal.check.listing;

import org.jspecify.annotations.NullMarked;
