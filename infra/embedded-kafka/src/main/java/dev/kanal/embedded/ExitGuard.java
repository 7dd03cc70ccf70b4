package dev.kanal.embedded;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.apache.kafka.common.utils.internals.Exit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps Kafka from ending this JVM.
 *
 * <p>Kafka calls {@link Exit} when it cannot go on. From the first start of a broker until the JVM
 * ends, such a call becomes a fault of the Kafka whose thread made it, and ends that thread only. A
 * node's threads are known by their thread group, which every thread inherits from its maker.
 */
final class ExitGuard {
  private static final String GROUP = "kanal-kafka-";
  private static final Pattern GROUP_NAME = Pattern.compile(GROUP + "(\\d+)-(\\d+)");
  private static final Map<Long, Faults> WATCHED = new ConcurrentHashMap<>();

  private ExitGuard() {}

  static void watch(long instance, Faults faults) {
    WATCHED.put(instance, faults);
    Exit.setExitProcedure(ExitGuard::refuse);
    Exit.setHaltProcedure(ExitGuard::refuse);
  }

  static void unwatch(long instance) {
    WATCHED.remove(instance);
  }

  static ThreadGroup group(long instance, int node) {
    return new ThreadGroup(GROUP + instance + "-" + node);
  }

  private static void refuse(int status, @Nullable String message) {
    String text =
        "thread %s asked to end the process with status %d%s"
            .formatted(
                Thread.currentThread().getName(), status, message == null ? "" : ": " + message);
    for (var group = Thread.currentThread().getThreadGroup();
        group != null;
        group = group.getParent()) {
      var name = GROUP_NAME.matcher(group.getName());
      if (name.matches()) {
        @Nullable Faults faults = WATCHED.get(Long.valueOf(name.group(1)));
        if (faults != null) {
          faults.report(new KafkaFault(Integer.parseInt(name.group(2)), text, null));
        }
        throw new KafkaStoppedException(text, null);
      }
    }
    WATCHED.values().forEach(faults -> faults.report(new KafkaFault(-1, text, null)));
    throw new KafkaStoppedException(text, null);
  }
}
