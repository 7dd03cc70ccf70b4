/** How late jobs start, and what waiting ones cost. */
@NullMarked
package dev.kanal.bench.timers;

import org.jspecify.annotations.NullMarked;
