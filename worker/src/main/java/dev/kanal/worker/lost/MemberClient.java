package dev.kanal.worker.lost;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.ApiVersions;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.clients.DefaultHostResolver;
import org.apache.kafka.clients.ManualMetadataUpdater;
import org.apache.kafka.clients.NetworkClient;
import org.apache.kafka.clients.NetworkClientUtils;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ShareAcknowledgeRequestData;
import org.apache.kafka.common.message.ShareGroupHeartbeatRequestData;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ShareAcknowledgeRequest;
import org.apache.kafka.common.requests.ShareAcknowledgeResponse;
import org.apache.kafka.common.requests.ShareFetchRequest;
import org.apache.kafka.common.requests.ShareFetchResponse;
import org.apache.kafka.common.requests.ShareGroupHeartbeatRequest;
import org.apache.kafka.common.requests.ShareGroupHeartbeatResponse;
import org.apache.kafka.common.requests.ShareRequestMetadata;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.internals.LogContext;

/**
 * Leaves share groups on behalf of members that cannot do it themselves. Kafka's admin client has
 * no call for it; these are the requests that a member itself would send. Belongs to one thread.
 */
final class MemberClient implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** The member epoch of a member that leaves. */
  private static final int LEAVING = ShareGroupHeartbeatRequest.LEAVE_GROUP_MEMBER_EPOCH;

  /** How records are acquired, which does not matter here; known to all brokers. */
  private static final byte ANY_BATCH = 0;

  private final Time time = Time.SYSTEM;
  private final Metrics metrics = new Metrics(time);
  private final NetworkClient client;

  /**
   * @param kafka settings of a client: brokers, security
   */
  MemberClient(Map<String, Object> kafka, String clientId) {
    var config = new AdminClientConfig(kafka);
    this.client =
        ClientUtils.createNetworkClient(
            config,
            config.getList(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG),
            clientId,
            metrics,
            "kanal-members",
            new LogContext(),
            new ApiVersions(),
            time,
            1,
            (int) PATIENCE.toMillis(),
            null,
            new ManualMetadataUpdater(),
            new DefaultHostResolver(),
            null,
            null);
  }

  /** Takes all partitions from the member. It is no error if the member has gone already. */
  void leave(Node coordinator, String group, String member) throws IOException {
    var data =
        new ShareGroupHeartbeatRequestData()
            .setGroupId(group)
            .setMemberId(member)
            .setMemberEpoch(LEAVING);
    AbstractResponse answer = ask(coordinator, new ShareGroupHeartbeatRequest.Builder(data));
    Errors error = Errors.forCode(((ShareGroupHeartbeatResponse) answer).data().errorCode());
    expect(error, Set.of(Errors.UNKNOWN_MEMBER_ID, Errors.GROUP_ID_NOT_FOUND));
  }

  /**
   * Makes available to others what the member had fetched of these partitions and not settled. It
   * is given back when a session of the member ends, which is opened first: a broker ends the
   * session of a member whose connection breaks, and may yet answer a fetch of it that had to wait.
   */
  void giveBack(Node leader, String group, String member, List<TopicIdPartition> partitions)
      throws IOException {
    var fetch =
        ShareFetchRequest.Builder.forConsumer(
            group,
            ShareRequestMetadata.initialEpoch(Uuid.fromString(member)),
            0,
            0,
            1,
            1,
            1,
            ANY_BATCH,
            false,
            partitions,
            List.of(),
            Map.of());
    ShareFetchResponse answer = (ShareFetchResponse) ask(leader, fetch);
    expect(Errors.forCode(answer.data().errorCode()), Set.of());
    endSession(leader, group, member);
  }

  private void endSession(Node broker, String group, String member) throws IOException {
    var data =
        new ShareAcknowledgeRequestData()
            .setGroupId(group)
            .setMemberId(member)
            .setShareSessionEpoch(ShareRequestMetadata.FINAL_EPOCH);
    AbstractResponse answer = ask(broker, new ShareAcknowledgeRequest.Builder(data));
    Errors error = Errors.forCode(((ShareAcknowledgeResponse) answer).data().errorCode());
    expect(error, Set.of(Errors.SHARE_SESSION_NOT_FOUND));
  }

  @Override
  public void close() {
    client.close();
    metrics.close();
  }

  private AbstractResponse ask(Node node, AbstractRequest.Builder<?> request) throws IOException {
    if (!NetworkClientUtils.awaitReady(client, node, time, PATIENCE.toMillis())) {
      throw new IOException("Expected " + node + " to answer within " + PATIENCE);
    }
    var sent = client.newClientRequest(node.idString(), request, time.milliseconds(), true);
    return NetworkClientUtils.sendAndReceive(client, sent, time).responseBody();
  }

  private static void expect(Errors error, Set<Errors> harmless) {
    if (error != Errors.NONE && !harmless.contains(error)) {
      throw error.exception();
    }
  }
}
