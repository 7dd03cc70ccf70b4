/**
 * Which jobs a call means: filters, from the query of a URL or a document, and pages.
 *
 * <p>{@link dev.kanal.scheduler.api.filter.FilterQuery} is the entry point. Values without threads.
 * Used by the features that list, stream or change many jobs.
 */
@NullMarked
package dev.kanal.scheduler.api.filter;

import org.jspecify.annotations.NullMarked;
