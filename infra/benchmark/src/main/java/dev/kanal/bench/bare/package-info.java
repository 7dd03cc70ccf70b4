/**
 * The limit: Kanal's way of a job with nothing on it but Kafka and Kafka Streams.
 *
 * <p>Commands and events are records of one log, a state store follows them, tasks go out by a
 * sink, and share consumers answer each with an event. There is no API, no codec, no index, no
 * timer and no check of anything: no scheduler that works this way can be faster.
 */
@NullMarked
package dev.kanal.bench.bare;

import org.jspecify.annotations.NullMarked;
