package dev.kanal.scheduler.engine.out;

import dev.kanal.common.channel.Channel;
import dev.kanal.common.channel.KafkaReach;
import dev.kanal.common.channel.Sink;
import dev.kanal.common.control.ControlMessage;
import dev.kanal.common.log.ToShard;
import dev.kanal.common.queue.QueueSettings;
import dev.kanal.common.telemetry.Telemetry;
import dev.kanal.common.worker.KnownWorkers;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Whom an engine speaks to. None of these may block.
 *
 * @param log of the shards
 * @param control to all workers
 * @param onBroken takes channels whose topic cannot be sent to
 * @param onWanted takes channels without a topic that jobs wait for; answers whether there is such
 *     a queue, once its topic is there
 * @param settings publishes queues' settings
 * @param workers those that live, as far as this node knows
 * @param ownTopics of types
 * @param telemetry takes spans and metrics
 * @param reach says when it is of no use to ask Kafka
 */
public record EngineOutputs(
    Sink<ToShard> log,
    Sink<ControlMessage> control,
    Consumer<Channel> onBroken,
    Function<Channel, CompletableFuture<Boolean>> onWanted,
    SettingsPublisher settings,
    KnownWorkers workers,
    OwnTopics ownTopics,
    Telemetry telemetry,
    KafkaReach reach) {

  /** Takes what stands, again and again; never less. */
  public interface SettingsPublisher {
    /**
     * A queue's settings.
     *
     * @param settings null if the queue was deleted
     * @param revision grows with every change
     */
    void publish(String queue, @Nullable QueueSettings settings, long revision);
  }
}
