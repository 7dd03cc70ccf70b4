package dev.kanal.scheduler.engine.reference;

import dev.kanal.common.control.ControlCodec;
import dev.kanal.common.log.Shards;
import dev.kanal.common.task.TaskRecords;
import dev.kanal.scheduler.engine.shard.Decisions;
import dev.kanal.scheduler.engine.step.EngineRules;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.utils.Bytes;

/**
 * What a release has written of one random life: the log of two shards, their rows halfway and at
 * the end, and the tasks and control messages that it has sent. A file of it is never changed.
 */
final class Release {
  private static final HexFormat HEX = HexFormat.of();
  private static final String TOPIC = "tasks";

  final List<LogLine> log = new ArrayList<>();
  final List<Map<Bytes, Bytes>> half = maps();
  final List<Map<Bytes, Bytes>> end = maps();
  final List<SentTask> tasks = new ArrayList<>();
  final List<Bytes> controls = new ArrayList<>();

  /** A record of a shard's log. */
  record LogLine(int shard, long offset, long timeMs, Bytes bytes) {}

  /** A task as it stood in its topic. */
  record SentTask(Bytes key, Bytes value, List<TaskHeader> headers) {
    SentTask without(String header) {
      return new SentTask(
          key, value, headers.stream().filter(each -> !each.name().equals(header)).toList());
    }

    boolean has(String header) {
      return headers.stream().anyMatch(each -> each.name().equals(header));
    }
  }

  /** One header of it. */
  record TaskHeader(String name, Bytes value) {}

  private static List<Map<Bytes, Bytes>> maps() {
    List<Map<Bytes, Bytes>> maps = new ArrayList<>();
    for (int shard = 0; shard < ModelWorld.SHARDS; shard++) {
      maps.add(new TreeMap<>());
    }
    return maps;
  }

  /** What the code of today writes. */
  static Release ofToday(long seed, int steps) {
    ModelScript script =
        new ModelScript(seed, new Decisions(EngineRules.DEFAULT, new Shards(ModelWorld.SHARDS)));
    List<List<ModelShard.Logged>> logs =
        script.world().shards().stream().map(ModelShard::keepLog).toList();
    for (int step = 1; step <= steps; step++) {
      script.step(step);
    }
    script.world().catchUp();
    Release release = new Release();
    for (int shard = 0; shard < logs.size(); shard++) {
      for (ModelShard.Logged each : logs.get(shard)) {
        release.log.add(new LogLine(shard, each.offset, each.timeMs, Bytes.wrap(each.bytes)));
      }
      Replay replay = new Replay(shard, Map.of());
      List<LogLine> records = release.logOf(shard);
      replay.apply(records.subList(0, records.size() / 2));
      release.half.get(shard).putAll(replay.rows());
      replay.apply(records.subList(records.size() / 2, records.size()));
      release.end.get(shard).putAll(replay.rows());
      replay.dispatched().forEach(task -> release.tasks.add(sent(TaskRecords.encode(TOPIC, task))));
      replay
          .controls()
          .forEach(message -> release.controls.add(Bytes.wrap(ControlCodec.encode(message))));
    }
    return release;
  }

  List<LogLine> logOf(int shard) {
    return log.stream().filter(record -> record.shard == shard).toList();
  }

  static SentTask sent(ProducerRecord<byte[], byte[]> record) {
    List<TaskHeader> headers = new ArrayList<>();
    for (Header header : record.headers()) {
      headers.add(new TaskHeader(header.key(), Bytes.wrap(header.value())));
    }
    return new SentTask(Bytes.wrap(record.key()), Bytes.wrap(record.value()), headers);
  }

  void write(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    try (BufferedWriter out =
        new BufferedWriter(
            new OutputStreamWriter(
                new GZIPOutputStream(Files.newOutputStream(file)), StandardCharsets.UTF_8))) {
      for (LogLine each : log) {
        line(out, "log", each.shard, each.offset, each.timeMs, hex(each.bytes));
      }
      for (int shard = 0; shard < ModelWorld.SHARDS; shard++) {
        for (var row : half.get(shard).entrySet()) {
          line(out, "half", shard, hex(row.getKey()), hex(row.getValue()));
        }
        for (var row : end.get(shard).entrySet()) {
          line(out, "end", shard, hex(row.getKey()), hex(row.getValue()));
        }
      }
      for (SentTask task : tasks) {
        StringBuilder headers = new StringBuilder();
        task.headers.forEach(each -> headers.append(each.name + "=" + hex(each.value) + ","));
        line(out, "task", hex(task.key), hex(task.value), headers);
      }
      for (Bytes control : controls) {
        line(out, "control", hex(control));
      }
    }
  }

  private static void line(BufferedWriter out, Object... words) throws IOException {
    for (int word = 0; word < words.length; word++) {
      out.append(word == 0 ? "" : " ").append(String.valueOf(words[word]));
    }
    out.append('\n');
  }

  static Release read(Path file) throws IOException {
    Release release = new Release();
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        release.take(line.split(" ", -1));
      }
    }
    return release;
  }

  private void take(String[] words) {
    switch (words[0]) {
      case "log" ->
          log.add(
              new LogLine(
                  Integer.parseInt(words[1]),
                  Long.parseLong(words[2]),
                  Long.parseLong(words[3]),
                  bytes(words[4])));
      case "half" -> half.get(Integer.parseInt(words[1])).put(bytes(words[2]), bytes(words[3]));
      case "end" -> end.get(Integer.parseInt(words[1])).put(bytes(words[2]), bytes(words[3]));
      case "task" -> tasks.add(task(words));
      case "control" -> controls.add(bytes(words[1]));
      default -> throw new IllegalStateException("Expected a known line, but got " + words[0]);
    }
  }

  private static SentTask task(String[] words) {
    List<TaskHeader> headers = new ArrayList<>();
    for (String header : words[3].split(",", 0)) {
      int equals = header.indexOf('=');
      headers.add(new TaskHeader(header.substring(0, equals), bytes(header.substring(equals + 1))));
    }
    return new SentTask(bytes(words[1]), bytes(words[2]), headers);
  }

  private static String hex(Bytes bytes) {
    return HEX.formatHex(bytes.get());
  }

  private static Bytes bytes(String hex) {
    return Bytes.wrap(HEX.parseHex(hex));
  }
}
