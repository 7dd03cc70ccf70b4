/** How the rate changes with what is kept and with other layouts. */
@NullMarked
package dev.kanal.bench.growth;

import org.jspecify.annotations.NullMarked;
