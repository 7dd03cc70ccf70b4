package dev.kanal.bench.hops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.telemetry.Hop.Place;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How marks become ways of jobs. */
final class JourneysTest {
  private final List<Note> notes = new ArrayList<>();

  @Test
  void shouldMeasureEachLeg_andHowLongTheLaneWasBusy() {
    job("a", 7, 0, 10);
    shard(Place.POLLED, 9, 15);
    shard(Place.DECIDING, 7, 21);
    job("a", Place.DISPATCHED, "engine", 28);
    job("a", Place.SENT, "producer", 36);
    thread(Place.ASKING, "lane", 20);
    thread(Place.ASKING, "lane", 40);
    job("a", Place.FETCHED, "lane", 45);
    job("a", Place.STARTED, "task", 55);

    Journey journey = only();

    assertEquals(List.of(10L, 5L, 6L, 7L, 8L, 9L, 10L), List.copyOf(journey.legs().values()));
    assertEquals(55, journey.nanos());
    assertEquals(4, journey.laneBusy());
    assertFalse(journey.metCommit());
  }

  @Test
  void shouldCountAnAcknowledgementAsSeen_whenWhatFollowsIsSeenBefore() {
    job("a", 7, 0, 30);
    shard(Place.POLLED, 7, 10);
    shard(Place.DECIDING, 7, 20);
    job("a", Place.DISPATCHED, "engine", 25);
    job("a", Place.FETCHED, "lane", 40);
    job("a", Place.SENT, "producer", 44);
    job("a", Place.STARTED, "task", 50);

    Journey journey = only();

    assertEquals(List.of(10L, 0L, 10L, 5L, 15L, 0L, 10L), List.copyOf(journey.legs().values()));
  }

  @Test
  void shouldSeeACommitOfTheThread_thatEndsAfterTheRecordCame() {
    thread(Place.COMMITTING, "engine", 2);
    thread(Place.COMMITTING, "engine", 5);
    thread(Place.COMMITTED, "engine", 12);
    whole("met", 7, 11);
    whole("after", 8, 13);

    List<Journey> all = Journeys.of(sorted());

    assertEquals(2, all.size());
    assertEquals(1, all.stream().filter(Journey::metCommit).count());
  }

  @Test
  void shouldLeaveOut_whatHasNotCome() {
    whole("whole", 7, 10);
    job("lost", 8, 0, 10);

    assertEquals(1, Journeys.of(sorted()).size());
    assertTrue(Journeys.of(List.of()).isEmpty());
  }

  private Journey only() {
    List<Journey> all = Journeys.of(sorted());
    assertEquals(1, all.size());
    return all.getFirst();
  }

  private List<Note> sorted() {
    return notes.stream().sorted(Comparator.comparingLong(Note::nanos)).toList();
  }

  private void whole(String job, long offset, long logged) {
    job(job, offset, logged - 1, logged);
    shard(Place.POLLED, offset, logged + 10);
    shard(Place.DECIDING, offset, logged + 11);
    job(job, Place.DISPATCHED, "engine", logged + 12);
    job(job, Place.SENT, "producer", logged + 13);
    job(job, Place.FETCHED, "lane", logged + 14);
    job(job, Place.STARTED, "task", logged + 15);
  }

  private void job(String job, long offset, long submitted, long logged) {
    job(job, Place.SUBMITTED, "http", submitted);
    notes.add(new Note(Place.LOGGED, job, 3, offset, "producer", logged));
  }

  private void job(String job, Place place, String thread, long nanos) {
    notes.add(new Note(place, job, 3, -1, thread, nanos));
  }

  private void shard(Place place, long offset, long nanos) {
    notes.add(new Note(place, "", 3, offset, "engine", nanos));
  }

  private void thread(Place place, String thread, long nanos) {
    notes.add(new Note(place, "", -1, -1, thread, nanos));
  }
}
