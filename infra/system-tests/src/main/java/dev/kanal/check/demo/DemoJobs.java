package dev.kanal.check.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** Makes sample jobs, one after the other. Not for several threads. */
final class DemoJobs {
  /** Each job carries this tag with the name of the run. */
  static final String TAG = "demo";

  private static final List<String> COUNTRIES = List.of("de", "fr", "jp", "br", "us");
  private static final int CUSTOMERS = 40;

  private final ObjectMapper json = new ObjectMapper();
  private final Function<String, String> services;
  private final RandomGenerator random;
  private final String run;
  private int made;

  /**
   * @param services the URL of a service
   */
  DemoJobs(Function<String, String> services, RandomGenerator random, String run) {
    this.services = services;
    this.random = random;
    this.run = run;
  }

  ObjectNode next() {
    made++;
    int kind = random.nextInt(1_000);
    if (kind < 380) {
      return call("media", "thumbnail", 3);
    } else if (kind < 620) {
      return charge();
    } else if (kind < 830) {
      return mail();
    } else if (kind < 900) {
      ObjectNode sum = job("default", "sum");
      sum.putObject("payload").putArray("data").add(made).add(random.nextInt(1_000));
      return sum.put("priority", "low");
    } else if (kind < 950) {
      ObjectNode later = job("default", "echo").put("delay", seconds(5 + random.nextInt(240)));
      later.putObject("payload").put("reminder", made);
      return later;
    } else if (kind < 970) {
      return call("reports", "export", 4).put("timeout", "PT10S");
    } else if (kind < 996) {
      ObjectNode sleep = job("reports", "sleep");
      sleep.putObject("payload").put("duration", seconds(2 + random.nextInt(20))).put("steps", 20);
      return sleep;
    }
    ObjectNode broken = job("default", "sum");
    broken.putObject("payload").put("data", "order-" + made);
    return broken;
  }

  /** What a schedule makes. */
  ObjectNode report() {
    ObjectNode job = json.createObjectNode().put("queue", "reports").put("type", "sleep");
    job.putObject("tags").put(TAG, run);
    job.putObject("payload").put("duration", "PT3S").put("steps", 3);
    return job;
  }

  /** Payments of a customer run one by one. */
  private ObjectNode charge() {
    ObjectNode charge = call("orders", "charge", 3).put("priority", "high");
    return charge.put("key", "customer-" + random.nextInt(CUSTOMERS));
  }

  private ObjectNode mail() {
    ObjectNode mail = call("emails", "mail", 5);
    return random.nextInt(20) == 0 ? mail.put("delay", seconds(10 + random.nextInt(50))) : mail;
  }

  private ObjectNode call(String queue, String service, int attempts) {
    ObjectNode call = job(queue, "http");
    ObjectNode payload = call.putObject("payload").put("url", services.apply(service));
    payload.putObject("body").put("order", made).put("amount", random.nextInt(1, 50_000) / 100.0);
    ObjectNode retry = call.putObject("retry").put("maxAttempts", attempts);
    retry.putObject("backoff").put("initial", "PT2S");
    return call;
  }

  private ObjectNode job(String queue, String type) {
    ObjectNode job = json.createObjectNode().put("queue", queue).put("type", type);
    job.putObject("tags")
        .put(TAG, run)
        .put("country", COUNTRIES.get(random.nextInt(COUNTRIES.size())));
    return job;
  }

  private static String seconds(int count) {
    return Duration.ofSeconds(count).toString();
  }
}
