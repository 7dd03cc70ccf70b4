/**
 * {@code check alerts}: a cluster of its own and Debian's Prometheus, or any other on the path;
 * each alert rule is provoked by a fault, and must end once that is fixed.
 *
 * <p>{@link dev.kanal.check.alerts.AlertsCommand} is the entry. Uses cluster, load, promise and
 * server, and Kafka's admin client for faults of the brokers.
 */
@NullMarked
package dev.kanal.check.alerts;

import org.jspecify.annotations.NullMarked;
