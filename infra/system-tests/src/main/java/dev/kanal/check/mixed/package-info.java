/**
 * The mixed check: jobs of every kind at once, and every promise looked at.
 *
 * <p>{@link dev.kanal.check.mixed.MixedOptions} are its options on the command line, {@link
 * dev.kanal.check.mixed.MixedCheck} is the run: it feeds the jobs of a mix, calls what is to be
 * called meanwhile, writes everything into a {@link dev.kanal.check.mixed.Ledger}, and has the
 * history judged. Only {@code bulk} uses it.
 */
@NullMarked
package dev.kanal.check.mixed;

import org.jspecify.annotations.NullMarked;
