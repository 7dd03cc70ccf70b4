package dev.kanal.bench.hops;

import dev.kanal.common.telemetry.Hop.Place;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Puts the marks of jobs, records and threads together. Used once. */
final class Journeys {
  /** By job: its marks. */
  private final Map<String, Map<Place, Note>> jobs = new HashMap<>();

  /** By shard and last offset: when that was polled first. */
  private final Map<Integer, NavigableMap<Long, Note>> polled = new HashMap<>();

  /** By shard and offset: when it was that record's turn. */
  private final Map<Integer, NavigableMap<Long, Note>> decided = new HashMap<>();

  /** By thread: when a lane asked for tasks. */
  private final Map<String, NavigableMap<Long, Note>> asked = new HashMap<>();

  /** By thread and end: the beginnings of commits. */
  private final Map<String, TreeMap<Long, Long>> commits = new HashMap<>();

  /** By thread: the beginning of the commit that is under way. */
  private final Map<String, Long> committing = new HashMap<>();

  private Journeys() {}

  /**
   * Those of which the marks show the whole way.
   *
   * @param notes in the order of time
   */
  static List<Journey> of(List<Note> notes) {
    Journeys all = new Journeys();
    notes.forEach(all::add);
    List<Journey> whole = new ArrayList<>();
    for (Map<Place, Note> marks : all.jobs.values()) {
      Journey journey = all.journey(marks);
      if (journey != null) {
        whole.add(journey);
      }
    }
    return whole;
  }

  private void add(Note note) {
    switch (note.place()) {
      case SUBMITTED, LOGGED, DISPATCHED, SENT, FETCHED, STARTED ->
          jobs.computeIfAbsent(note.job(), _ -> new EnumMap<>(Place.class))
              .putIfAbsent(note.place(), note);
      case POLLED -> of(polled, note.shard()).putIfAbsent(note.offset(), note);
      case DECIDING -> of(decided, note.shard()).putIfAbsent(note.offset(), note);
      case ASKING ->
          asked.computeIfAbsent(note.thread(), _ -> new TreeMap<>()).put(note.nanos(), note);
      case COMMITTING -> committing.putIfAbsent(note.thread(), note.nanos());
      case COMMITTED -> {
        Long begun = committing.remove(note.thread());
        if (begun != null) {
          commits.computeIfAbsent(note.thread(), _ -> new TreeMap<>()).put(note.nanos(), begun);
        }
      }
    }
  }

  private static NavigableMap<Long, Note> of(
      Map<Integer, NavigableMap<Long, Note>> shards, int shard) {
    return shards.computeIfAbsent(shard, _ -> new TreeMap<>());
  }

  private @Nullable Journey journey(Map<Place, Note> marks) {
    Note logged = marks.get(Place.LOGGED);
    if (logged == null) {
      return null;
    }
    Map.@Nullable Entry<Long, Note> poll = of(polled, logged.shard()).ceilingEntry(logged.offset());
    @Nullable Note turn = of(decided, logged.shard()).get(logged.offset());
    if (poll == null || turn == null) {
      return null;
    }
    marks.put(Place.POLLED, poll.getValue());
    marks.put(Place.DECIDING, turn);
    Map<Leg, Long> ends = ends(marks);
    Note submitted = marks.get(Place.SUBMITTED);
    if (ends.size() < Leg.values().length || submitted == null) {
      return null;
    }
    EnumMap<Leg, Long> legs = new EnumMap<>(Leg.class);
    long from = submitted.nanos();
    for (Map.Entry<Leg, Long> end : ends.entrySet()) {
      legs.put(end.getKey(), Math.max(0, end.getValue() - from));
      from = Math.max(from, end.getValue());
    }
    long inTopic = ends.getOrDefault(Leg.SEND, 0L);
    return new Journey(legs, laneBusy(marks.get(Place.FETCHED), inTopic), metCommit(logged, turn));
  }

  /**
   * When each leg ended. An acknowledgement may be seen later than what follows from the record: it
   * counts as seen by then.
   */
  private static Map<Leg, Long> ends(Map<Place, Note> marks) {
    EnumMap<Leg, Long> ends = new EnumMap<>(Leg.class);
    long latest = Long.MAX_VALUE;
    for (Leg leg : List.of(Leg.values()).reversed()) {
      Note mark = marks.get(leg.end());
      if (mark != null) {
        latest = Math.min(latest, mark.nanos());
        ends.put(leg, latest);
      }
    }
    return ends;
  }

  private long laneBusy(@Nullable Note fetched, long inTopic) {
    NavigableMap<Long, Note> asks = fetched == null ? null : asked.get(fetched.thread());
    Long ask = asks == null || fetched == null ? null : asks.floorKey(fetched.nanos());
    return ask == null ? 0 : Math.max(0, ask - inTopic);
  }

  private boolean metCommit(Note logged, Note turn) {
    TreeMap<Long, Long> ofThread = commits.get(turn.thread());
    Map.@Nullable Entry<Long, Long> next =
        ofThread == null ? null : ofThread.ceilingEntry(logged.nanos());
    return next != null && next.getValue() <= turn.nanos();
  }
}
