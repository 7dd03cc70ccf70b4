/**
 * Durations and sizes as people write them in settings and requests.
 *
 * <p>Functions without state, usable from any thread; they use nothing of ours.
 */
@NullMarked
package dev.kanal.common.unit;

import org.jspecify.annotations.NullMarked;
