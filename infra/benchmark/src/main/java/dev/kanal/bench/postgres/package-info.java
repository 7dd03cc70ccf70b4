/**
 * Alternatives to Kanal on PostgreSQL: db-scheduler and JobRunr.
 *
 * <p>{@link dev.kanal.bench.postgres.Postgres} is a fresh cluster of the machine's own PostgreSQL;
 * the rivals run in this JVM, from their published artifacts, in the configuration that their
 * documentation gives for much work. PostgreSQL writes to the disk before it answers (fsync and
 * synchronous_commit are on, as is its default), which Kafka with its defaults does not: it relies
 * on replicas instead.
 */
@NullMarked
package dev.kanal.bench.postgres;

import org.jspecify.annotations.NullMarked;
