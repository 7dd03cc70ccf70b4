/** Kanal as a user has it: processes, and jobs over REST. Belongs to the thread of the trial. */
@NullMarked
package dev.kanal.bench.kanal;

import org.jspecify.annotations.NullMarked;
