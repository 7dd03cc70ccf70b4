package dev.kanal.common.telemetry;

import io.opentelemetry.api.common.AttributeKey;

/** The labels that distinguish metrics. Ids of jobs are never among them. */
public enum Label {
  QUEUE("kanal.queue", "the queue; `other` beyond 200 names in a process"),
  PRIORITY("kanal.priority", "`high`, `normal`, `low`"),
  TYPE("kanal.job.type", "the job's type; `other` beyond 200 names in a process"),
  STATE("kanal.job.state", "a state of jobs"),
  OUTCOME("kanal.outcome", "how an attempt ended"),
  REASON("kanal.reason", "one of few words, listed with the metric"),
  CAUSE("kanal.cause", "what holds a job, listed with the metric"),
  SLOTS("kanal.slots", "`most`: that there may be; `now`: that there are; `busy`: in use"),
  CHANNEL(
      "kanal.channel",
      "`log`, `control`, `events`, or `tasks.QUEUE.PRIORITY`; `other` beyond 200 names"),
  SHARD("kanal.shard", "a shard of this node; at most 4,096"),
  METHOD("http.request.method", "the method of the call"),
  ROUTE(
      "http.route",
      "the path as in the contract, with names in braces; `internal` for what nodes ask each"
          + " other"),
  STATUS("http.response.status_code", "the status of the answer");

  private final AttributeKey<String> key;
  private final String meaning;

  Label(String key, String meaning) {
    this.key = AttributeKey.stringKey(key);
    this.meaning = meaning;
  }

  public AttributeKey<String> key() {
    return key;
  }

  String meaning() {
    return meaning;
  }
}
