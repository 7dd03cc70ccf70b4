package dev.kanal.bench.hops;

import dev.kanal.common.telemetry.Hop.Place;

/** The parts of a job's way, in order; each begins where the one before ends. */
enum Leg {
  PRODUCE("submit: sent and acknowledged", Place.LOGGED),
  POLL("in the log, until a stream thread has it", Place.POLLED),
  TURN("polled, until it is its turn", Place.DECIDING),
  DECIDE("decided, task handed over", Place.DISPATCHED),
  SEND("task: sent and acknowledged", Place.SENT),
  FETCH("in its topic, until a lane has it", Place.FETCHED),
  START("fetched, until its handler runs", Place.STARTED);

  private final String title;
  private final Place end;

  Leg(String title, Place end) {
    this.title = title;
    this.end = end;
  }

  String title() {
    return title;
  }

  /** Where it ends. */
  Place end() {
    return end;
  }
}
