/**
 * How many tasks a worker runs at once: {@code Pool} moves the slots of each queue between their
 * bounds. The decisions are pure: {@code PoolRule} for a queue by itself, {@code SlotSplit} among
 * queues. A look once a second on one thread; slots are reserved and released from any. Knows
 * nothing of lanes and handlers.
 */
@NullMarked
package dev.kanal.worker.pool;

import org.jspecify.annotations.NullMarked;
