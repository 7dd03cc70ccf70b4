package dev.kanal.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.job.Priority;
import dev.kanal.common.task.Task;
import dev.kanal.embedded.junit.EmbeddedCluster;
import dev.kanal.embedded.junit.TestKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What handlers require of the worker that runs them. */
@EmbeddedCluster
final class HandlerOptionsTest {
  private static final int AT_ONCE = 3;
  private static final int TASKS = 60;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Installation installation;
  private final List<Worker> workers = new ArrayList<>();
  private final CountDownLatch release = new CountDownLatch(1);

  HandlerOptionsTest(TestKafka kafka) throws Exception {
    installation = new Installation(kafka);
  }

  @AfterEach
  void end() {
    release.countDown();
    workers.forEach(Worker::close);
    installation.close();
  }

  /** Snake case in, snake case out. */
  record Order(int itemCount, int unitPrice) {}

  @Test
  void shouldRunSoManyOfATypeAtOnce_handTheOthersBack_andGoOnWithOtherTypes() {
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Handler<JsonBytes, String> narrow =
        (_, _) -> {
          most.accumulateAndGet(running.incrementAndGet(), Math::max);
          release.await();
          running.decrementAndGet();
          return "done";
        };
    start(
        installation
            .worker()
            .handle(
                "narrow",
                JsonBytes.class,
                narrow,
                HandlerOptions.DEFAULT.withMaxConcurrency(AT_ONCE)));
    List<Task> tasks = new ArrayList<>();
    List<Task> others = new ArrayList<>();
    for (int i = 0; i < TASKS; i++) {
      tasks.add(sent(installation.task("narrow", "1")));
      others.add(sent(installation.task("echo", "1")));
    }

    others.forEach(
        other -> assertInstanceOf(Outcome.Succeeded.class, installation.awaitOutcome(other)));
    installation.awaitAll(() -> count(tasks, this::isBusy) == TASKS - AT_ONCE, PATIENCE);
    assertEquals(AT_ONCE, running.get());
    release.countDown();

    installation.awaitAll(
        () -> count(tasks, outcome -> outcome instanceof Outcome.Succeeded) == AT_ONCE, PATIENCE);
    assertEquals(AT_ONCE, most.get());
  }

  @Test
  void shouldTakeTheQueuesOfItsHandlers_andNoOthers() throws Exception {
    for (String queue : List.of("mail", "push", "other")) {
      installation.make(queue, Priority.NORMAL);
    }
    start(
        installation
            .worker()
            .handle("mail", JsonBytes.class, (_, _) -> "sent", queues("mail"))
            .handle("push", JsonBytes.class, (_, _) -> "sent", queues("push", "mail")));
    Task other = installation.task("mail", "1");
    var _ = installation.send("other", Priority.NORMAL, other);
    Task mail = installation.task("mail", "1");
    var _ = installation.send("mail", Priority.NORMAL, mail);
    Task push = installation.task("push", "1");
    var _ = installation.send("push", Priority.NORMAL, push);

    assertInstanceOf(Outcome.Succeeded.class, installation.awaitOutcome(mail));
    assertInstanceOf(Outcome.Succeeded.class, installation.awaitOutcome(push));
    assertTrue(installation.members("mail") > 0 && installation.members("push") > 0);
    assertEquals(0, installation.members("other"));
    assertTrue(!installation.outcomes().containsKey(other.job()));
  }

  @Test
  void shouldReadAndWriteAsItsMapperDoes() {
    ObjectMapper snakes =
        new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);
    start(
        installation
            .worker()
            .json(snakes)
            .handle("double", Order.class, (_, o) -> new Order(2 * o.itemCount(), o.unitPrice())));
    Task task = sent(installation.task("double", "{\"item_count\":2,\"unit_price\":5}"));

    assertEquals(
        new Outcome.Succeeded(JsonBytes.of("{\"item_count\":4,\"unit_price\":5}")),
        installation.awaitOutcome(task));
  }

  private static HandlerOptions queues(String... names) {
    return HandlerOptions.DEFAULT.withQueues(names);
  }

  private boolean isBusy(Outcome outcome) {
    return outcome instanceof Outcome.Snoozed(_, var cause) && cause.type().equals("handler-busy");
  }

  private int count(List<Task> tasks, Predicate<Outcome> wanted) {
    var outcomes = installation.outcomes();
    int found = 0;
    for (Task task : tasks) {
      found += outcomes.getOrDefault(task.job(), List.of()).stream().anyMatch(wanted) ? 1 : 0;
    }
    return found;
  }

  private void start(WorkerBuilder builder) {
    Worker worker = builder.build();
    workers.add(worker);
    worker.start();
  }

  private Task sent(Task task) {
    var _ = installation.send(task);
    return task;
  }
}
