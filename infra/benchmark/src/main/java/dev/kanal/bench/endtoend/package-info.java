/** How many jobs go the whole way in a second. */
@NullMarked
package dev.kanal.bench.endtoend;

import org.jspecify.annotations.NullMarked;
