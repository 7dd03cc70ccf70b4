/**
 * Channels over Kafka, in Go's words: a {@link dev.kanal.common.channel.Sink} to send to, a {@link
 * dev.kanal.common.channel.Source} to receive from, closed as a value.
 *
 * <p>A sink may be used from any thread; a source belongs to the one thread that receives from it.
 * {@link dev.kanal.common.channel.KafkaReach} knows whether Kafka can be reached. {@link
 * dev.kanal.common.channel.Topics} names the topics behind the channels. May be used by every
 * module; knows Kafka's clients, but nothing of the scheduler or the worker.
 */
@NullMarked
package dev.kanal.common.channel;

import org.jspecify.annotations.NullMarked;
