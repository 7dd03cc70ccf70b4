package dev.kanal.check.outage;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Submits jobs at an interval, to the schedulers in turn, whatever becomes of earlier ones. */
final class Load implements AutoCloseable {
  private static final long EVERY_MS = 40;
  private static final Duration GIVE_UP = Duration.ofSeconds(12);
  private static final Pattern TYPE = Pattern.compile("urn:kanal:problem:([a-z-]{1,40})");

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private final List<URI> schedulers;
  private final String target;
  private final List<CompletableFuture<Call>> calls = new ArrayList<>(); // guarded by itself

  /**
   * A submit and its answer.
   *
   * @param said the status and the type of a problem; "none" without an answer
   */
  record Call(int job, long begunNanos, long endNanos, String said) {
    boolean taken() {
      return said.equals("202");
    }

    /** The answer says that there is no such job. */
    boolean refused() {
      return said.startsWith("503") && !said.contains("ambiguous");
    }

    Duration took() {
      return Duration.ofNanos(endNanos - begunNanos);
    }
  }

  Load(List<URI> schedulers, String target) {
    this.schedulers = List.copyOf(schedulers);
    this.target = target;
  }

  void start() {
    var _ = thread.scheduleAtFixedRate(this::submit, EVERY_MS, EVERY_MS, TimeUnit.MILLISECONDS);
  }

  /** All calls so far, each with its answer; waits for those under way. */
  List<Call> calls() {
    List<CompletableFuture<Call>> all;
    synchronized (calls) {
      all = List.copyOf(calls);
    }
    return all.stream().map(CompletableFuture::join).toList();
  }

  /** Makes no more calls. */
  void stop() {
    thread.shutdown();
  }

  @Override
  public void close() {
    thread.shutdownNow();
    http.shutdownNow();
  }

  private void submit() {
    synchronized (calls) {
      int job = calls.size();
      String body =
          "{\"type\":\"http\",\"queue\":\"outage-check\",\"payload\":{\"url\":\"%s%d\"}}"
              .formatted(target, job);
      HttpRequest request =
          HttpRequest.newBuilder(schedulers.get(job % schedulers.size()).resolve("/v1/jobs"))
              .timeout(GIVE_UP)
              .header("content-type", "application/json")
              .POST(BodyPublishers.ofString(body))
              .build();
      long begun = System.nanoTime();
      calls.add(
          http.sendAsync(request, BodyHandlers.ofString())
              .handle(
                  (answer, failure) ->
                      new Call(job, begun, System.nanoTime(), said(answer, failure))));
    }
  }

  private static String said(@Nullable HttpResponse<String> answer, @Nullable Throwable failure) {
    if (answer == null || failure != null) {
      return "none";
    }
    Matcher type = TYPE.matcher(answer.body());
    return answer.statusCode()
        + (answer.statusCode() > 299 && type.find() ? " " + type.group(1) : "");
  }
}
