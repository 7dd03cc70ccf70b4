/**
 * The jobs of a mixed run, a function of the seed.
 *
 * <p>{@link dev.kanal.check.mix.Mix} draws them; a {@link dev.kanal.check.mix.MixedJob} says what
 * is submitted, how the called service plays its part, and how it may end. Immutable. Uses history
 * and probe.
 */
@NullMarked
package dev.kanal.check.mix;

import org.jspecify.annotations.NullMarked;
