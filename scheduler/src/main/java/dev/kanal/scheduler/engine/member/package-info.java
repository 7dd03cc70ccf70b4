/**
 * Members of flows in the shards where they live: they are made, led through their chains,
 * cancelled and forgotten, and their ends are told to the flow.
 *
 * <p>{@link dev.kanal.scheduler.engine.member.MemberDecisions} is the entry point. Members are
 * jobs, so this uses what decides about jobs. Belongs to its shard's thread; used by what runs a
 * shard.
 */
@NullMarked
package dev.kanal.scheduler.engine.member;

import org.jspecify.annotations.NullMarked;
