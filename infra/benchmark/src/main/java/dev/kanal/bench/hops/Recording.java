package dev.kanal.bench.hops;

import dev.kanal.common.telemetry.Hop;
import dev.kanal.common.telemetry.Hop.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;

/** A flight recording of hops only. */
final class Recording {
  private static final String SETTINGS =
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <configuration version="2.0">
        <event name="%s"><setting name="enabled">true</setting></event>
      </configuration>
      """
          .formatted(Hop.NAME);

  private Recording() {}

  /** Writes what a recording is started with. */
  static Path settings(Path directory) throws IOException {
    return Files.writeString(directory.resolve("hops.jfc"), SETTINGS);
  }

  /** Its marks in the order of time. */
  static List<Note> read(Path file) throws IOException {
    List<Note> notes = new ArrayList<>();
    for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
      if (event.getEventType().getName().equals(Hop.NAME)) {
        notes.add(note(event));
      }
    }
    notes.sort(Comparator.comparingLong(Note::nanos));
    return notes;
  }

  private static Note note(RecordedEvent event) {
    RecordedThread thread = event.getThread();
    Instant time = event.getStartTime();
    return new Note(
        Place.valueOf(event.getString("place")),
        event.getString("job"),
        event.getInt("shard"),
        event.getLong("offset"),
        thread == null ? "" : thread.getId() + " " + thread.getJavaName(),
        TimeUnit.SECONDS.toNanos(time.getEpochSecond()) + time.getNano());
  }
}
