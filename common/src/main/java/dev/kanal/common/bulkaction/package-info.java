/**
 * What one order does to many jobs: which jobs, and what with them.
 *
 * <p>{@link dev.kanal.common.bulkaction.BulkActionOrder} is the entry point. All types are
 * immutable; the records of the log carry them from the API to the engine.
 */
@NullMarked
package dev.kanal.common.bulkaction;

import org.jspecify.annotations.NullMarked;
