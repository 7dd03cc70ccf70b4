/**
 * {@code check outage}: three brokers with Kafka's defaults, two schedulers and two workers under
 * load, while all brokers are down for a while, a worker is killed, and one is frozen.
 *
 * <p>{@link dev.kanal.check.outage.OutageCommand} is the entry. Uses cluster, promise and server.
 */
@NullMarked
package dev.kanal.check.outage;

import org.jspecify.annotations.NullMarked;
