package dev.kanal.common.channel;

import java.util.Map;
import org.apache.kafka.clients.admin.Admin;

/**
 * A connection of their own for questions about the offsets of share groups. A broker may take
 * seconds to answer one, and answers what comes over one connection in turn: other questions, such
 * as whether Kafka is there at all, are not to stand behind it.
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
