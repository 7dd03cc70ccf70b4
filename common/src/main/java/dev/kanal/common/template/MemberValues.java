package dev.kanal.common.template;

import dev.kanal.common.job.JsonBytes;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a member.
 *
 * @param item null if it has none
 * @param prev the result of the stage before; null if there is none
 */
public record MemberValues(@Nullable JsonBytes item, int index, @Nullable JsonBytes prev) {}
