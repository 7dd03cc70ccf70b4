package dev.kanal.scheduler.api.counts;

import java.time.Duration;
import java.util.ArrayDeque;

/** The newest periods, added up in slots of the clock. Belongs to one owner. */
final class PeriodRing {
  private final long slotMs;
  private final int slots;
  private final ArrayDeque<Slot> filled = new ArrayDeque<>();

  PeriodRing(Duration slot, int slots) {
    this.slotMs = slot.toMillis();
    this.slots = slots;
  }

  private record Slot(long number, Period sum) {}

  void add(long nowMs, Period period) {
    long number = nowMs / slotMs;
    Slot last = filled.peekLast();
    if (last != null && last.number == number) {
      filled.removeLast();
      filled.add(new Slot(number, last.sum.plus(period)));
    } else {
      filled.add(new Slot(number, period));
    }
    forget(nowMs);
  }

  /** Whether nothing was added lately. */
  boolean isEmpty(long nowMs) {
    forget(nowMs);
    return filled.isEmpty();
  }

  /** Everything in the slots up to now. */
  Period sum(long nowMs) {
    forget(nowMs);
    Period sum = Period.NONE;
    for (Slot slot : filled) {
      sum = sum.plus(slot.sum);
    }
    return sum;
  }

  private void forget(long nowMs) {
    long oldest = nowMs / slotMs - slots + 1;
    while (!filled.isEmpty() && filled.getFirst().number < oldest) {
      filled.removeFirst();
    }
  }
}
