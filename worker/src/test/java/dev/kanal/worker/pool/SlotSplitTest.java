package dev.kanal.worker.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.worker.pool.SlotSplit.Claim;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SlotSplitTest {
  @Test
  void shouldGiveAllWhatTheyWant_whenThereIsEnough() {
    assertEquals(List.of(30, 50), SlotSplit.divide(100, List.of(claim(1, 30), claim(1, 50))));
  }

  @Test
  void shouldDivideByWeight_whenThereIsNotEnough() {
    assertEquals(List.of(75, 25), SlotSplit.divide(100, List.of(claim(3, 999), claim(1, 999))));
  }

  @Test
  void shouldLeaveToOthersWhatOneDoesNotWant() {
    assertEquals(
        List.of(10, 60, 30),
        SlotSplit.divide(100, List.of(claim(5, 10), claim(2, 99), claim(1, 99))));
  }

  @Test
  void shouldKeepTheFloors_evenBeyondTheTotal() {
    Claim each = new Claim(1, 4, 9, 0);
    assertEquals(List.of(4, 4, 4), SlotSplit.divide(10, List.of(each, each, each)));
    assertEquals(3, SlotSplit.floor(4, 10, 3));
    assertEquals(1, SlotSplit.floor(4, 10, 99));
    assertEquals(4, SlotSplit.floor(4, 10, 1));
  }

  @Test
  void shouldNotPromiseWhatOthersStillHave() {
    Claim slow = new Claim(1, 4, 100, 96);
    Claim waiting = new Claim(1, 4, 100, 0);
    assertEquals(List.of(50, 4), SlotSplit.divide(100, List.of(slow, waiting)));
    Claim later = new Claim(1, 4, 100, 60);
    assertEquals(List.of(50, 40), SlotSplit.divide(100, List.of(later, waiting)));
  }

  @Test
  void shouldRefuseClaimsThatMakeNoSense() {
    assertThrows(IllegalArgumentException.class, () -> new Claim(0, 1, 1, 0));
    assertThrows(IllegalArgumentException.class, () -> new Claim(1, 2, 1, 0));
  }

  @Test
  void shouldKeepItsBounds_whateverIsClaimed() {
    Random random = new Random(7);
    for (int round = 0; round < 20_000; round++) {
      int total = 1 + random.nextInt(500);
      List<Claim> claims = new ArrayList<>();
      int queues = 1 + random.nextInt(8);
      int floor = SlotSplit.floor(1 + random.nextInt(20), total, queues);
      for (int i = 0; i < queues; i++) {
        int wanted = floor + random.nextInt(200);
        claims.add(new Claim(1 + random.nextInt(9), floor, wanted, random.nextInt(300)));
      }
      check(total, claims, SlotSplit.divide(total, claims));
    }
  }

  private static void check(int total, List<Claim> claims, List<Integer> sizes) {
    String what = claims + " of " + total + ": " + sizes;
    long floors = 0;
    long sum = 0;
    for (int i = 0; i < claims.size(); i++) {
      Claim claim = claims.get(i);
      floors += claim.floor();
      sum += sizes.get(i);
      assertTrue(sizes.get(i) >= claim.floor() && sizes.get(i) <= claim.wanted(), what);
    }
    assertTrue(sum <= Math.max(total, floors), what);
    long idle =
        total - claims.stream().mapToLong(claim -> Math.max(claim.taken(), claim.floor())).sum();
    boolean unmet = false;
    for (int i = 0; i < claims.size(); i++) {
      unmet |= sizes.get(i) < claims.get(i).wanted();
    }
    if (unmet && claims.stream().allMatch(claim -> claim.taken() == 0)) {
      assertTrue(sum >= Math.min(total, floors + Math.max(0, idle)) - claims.size(), what);
    }
  }

  private static Claim claim(int weight, int wanted) {
    return new Claim(weight, 1, wanted, 0);
  }
}
