/**
 * Asks other scheduler nodes.
 *
 * <p>{@link dev.kanal.scheduler.api.node.OwnerRouting} has one request handled by the node that
 * owns its shard, {@link dev.kanal.scheduler.api.node.AllOwners} puts one question to the owners of
 * all shards: a {@link dev.kanal.scheduler.api.node.Question}, which has a path of its own and
 * which a feature declares beside its answer. {@link dev.kanal.scheduler.api.node.NodeClient} is
 * the client of both. Answers arrive on the event loop that asked, or on the virtual thread that
 * waits for them. Knows no feature; every feature may use it.
 */
@NullMarked
package dev.kanal.scheduler.api.node;

import org.jspecify.annotations.NullMarked;
