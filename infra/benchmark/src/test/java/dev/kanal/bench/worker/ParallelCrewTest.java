package dev.kanal.bench.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.channel.Topics;
import dev.kanal.embedded.EmbeddedKafka;
import java.nio.file.Path;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(90)
class ParallelCrewTest {
  private static final int TASKS = 500;

  @ParameterizedTest
  @EnumSource(ParallelCrew.Order.class)
  void shouldWorkOffATopic(ParallelCrew.Order order, @TempDir Path directory) throws Exception {
    Crew crew = new ParallelCrew(order);
    Handling handling = new Handling(false);
    try (EmbeddedKafka kafka = EmbeddedKafka.persistent(directory, 0)) {
      Site site = new Site(kafka.bootstrapServers(), new Topics("parallel"));
      site.make();
      site.fill(TASKS, number -> crew.task(site, number, false));
      try (Admin admin = site.admin();
          Crew.Shift shift = crew.start(site, handling)) {
        while (site.outcomes(admin) < TASKS) {
          assertTrue(shift.isIdle(), "it goes on");
        }
      }
    }
    assertEquals(TASKS, handling.handled());
  }

  @Test
  void shouldHaveTheKafkaClientThatItNeeds_besideOurs() throws Exception {
    String name = "org.apache.kafka.clients.consumer.KafkaConsumer";
    Class<?> itsOwn = ParallelLibrary.opened().loadClass(name);

    String place = itsOwn.getProtectionDomain().getCodeSource().getLocation().getPath();
    assertTrue(place.endsWith("/parallel-consumer/kafka-clients-4.3.1.jar"), place);
    assertTrue(Class.forName(name) != itsOwn, "ours is another");
  }
}
