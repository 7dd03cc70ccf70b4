/**
 * A system of the check's own: Kafka, two schedulers and two workers, each a process on this
 * machine that can be killed and started again.
 *
 * <p>{@link dev.kanal.check.cluster.ClusterOptions} are the options, {@link
 * dev.kanal.check.cluster.Cluster} starts it through the launcher, {@link
 * dev.kanal.check.cluster.Kills} kills at random moments. Uses server, and history and mixed for
 * the kills.
 */
@NullMarked
package dev.kanal.check.cluster;

import org.jspecify.annotations.NullMarked;
