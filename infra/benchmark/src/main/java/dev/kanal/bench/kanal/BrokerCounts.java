package dev.kanal.bench.kanal;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * What the broker in a process has counted since it started.
 *
 * @param records appended to all topics, those of Kafka itself among them
 * @param bytes of these, as they were sent
 * @param requests answered, by the name of their kind
 */
public record BrokerCounts(long records, long bytes, Map<String, Long> requests) {
  private static final String TOPICS = "kafka.server:type=BrokerTopicMetrics,name=";
  private static final String REQUESTS = "kafka.network:type=RequestMetrics,name=RequestsPerSec,*";

  public BrokerCounts {
    requests = Map.copyOf(requests);
  }

  @SuppressWarnings("BanJNDI") // the address is that of our own process on this machine
  static BrokerCounts of(long pid) throws IOException {
    try (JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(agent(pid)))) {
      return read(connector.getMBeanServerConnection());
    } catch (JMException e) {
      throw new IOException("Expected the counts of the broker in process " + pid, e);
    }
  }

  private static String agent(long pid) throws IOException {
    try {
      VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
      try {
        return machine.startLocalManagementAgent();
      } finally {
        machine.detach();
      }
    } catch (AttachNotSupportedException e) {
      throw new IOException("Expected to be let into process " + pid, e);
    }
  }

  private static BrokerCounts read(MBeanServerConnection beans) throws IOException, JMException {
    Map<String, Long> requests = new TreeMap<>();
    for (ObjectName each : beans.queryNames(new ObjectName(REQUESTS), null)) {
      requests.merge(each.getKeyProperty("request"), count(beans, each), Long::sum);
    }
    return new BrokerCounts(
        count(beans, new ObjectName(TOPICS + "MessagesInPerSec")),
        count(beans, new ObjectName(TOPICS + "BytesInPerSec")),
        requests);
  }

  private static long count(MBeanServerConnection beans, ObjectName name)
      throws IOException, JMException {
    return ((Number) beans.getAttribute(name, "Count")).longValue();
  }
}
