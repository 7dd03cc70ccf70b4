/** How the rate changes with the number of kept jobs and with other layouts. */
@NullMarked
package dev.kanal.bench.growth;

import org.jspecify.annotations.NullMarked;
