package dev.kanal.common.channel;

import java.util.Map;
import org.apache.kafka.clients.admin.Admin;

/**
 * A connection of their own for questions about the offsets of share groups. A broker may take
 * seconds to answer one, and answers what comes over one connection in turn: other questions, such
 * as whether Kafka is there at all, are not to stand behind it.
 *
 * <p>Ask about one group at a time. On Kafka 4.4.0 the offsets of one share group come after some
 * 10 ms, those of several asked for in one call after some 2 s in most calls, as {@code
 * findings/kafka-share-offsets-of-several-groups.sh} shows.
 */
public final class GroupAdmin {
  private GroupAdmin() {}

  /**
   * @param client settings, brokers among them
   */
  public static Admin open(Map<String, Object> client) {
    return Admin.create(client);
  }
}
