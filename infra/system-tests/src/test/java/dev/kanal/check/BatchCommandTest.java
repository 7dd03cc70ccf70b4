package dev.kanal.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
final class BatchCommandTest {
  @Test
  void shouldPass_whenEveryJobIsAnsweredRightly() {
    try (FakeKanal kanal = FakeKanal.start(FakeFaults.NONE)) {
      CheckRun run = check(kanal, "--jobs", "2500", "--seed", "7");

      assertEquals(0, run.status(), run.out() + run.err());
      assertEquals("check passed", run.lastLine());
      assertEquals(2_500, kanal.jobs());
      assertTrue(run.out().contains("2,500"), run.out());
      assertTrue(run.out().contains("duplicate executions not counted"), run.out());
    }
  }

  static Stream<Arguments> brokenPromises() {
    return Stream.of(
        Arguments.of(FakeFaults.forgetting(17), "1 of 200 break 'no accepted job is missing'"),
        Arguments.of(FakeFaults.summingWrongly(3), "1 of 200 break 'every answer is right'"),
        Arguments.of(FakeFaults.killing(200), "1 of 200 break 'every accepted job succeeds'"),
        Arguments.of(FakeFaults.refusing(5), "1 of 200 break 'every job is accepted'"));
  }

  @ParameterizedTest
  @MethodSource("brokenPromises")
  void shouldFailAndNameThePromise_whenOneJobBreaksIt(FakeFaults faults, String conclusion) {
    try (FakeKanal kanal = FakeKanal.start(faults)) {
      CheckRun run = check(kanal, "--jobs", "200", "--chunk", "50");

      assertEquals(1, run.status(), run.out());
      assertEquals("check FAILED: " + conclusion, run.lastLine());
    }
  }

  @Test
  void shouldFailWhenTheTimeIsOver_whenAJobNeverEnds() {
    try (FakeKanal kanal = FakeKanal.start(FakeFaults.neverEnding(9))) {
      CheckRun run = check(kanal, "--jobs", "20", "--timeout", "1s");

      assertEquals("check FAILED: 1 of 20 break 'every accepted job ends in time'", run.lastLine());
      assertTrue(run.out().contains("was last seen QUEUED"), run.out());
    }
  }

  @Test
  void shouldSendTheRestAgain_whenAnAnswerBreaksOff() {
    try (FakeKanal kanal = FakeKanal.start(FakeFaults.breakingOffAfter(30, Duration.ZERO))) {
      CheckRun run = check(kanal, "--jobs", "100", "--submitters", "1");

      assertEquals(0, run.status(), run.out());
      assertTrue(run.out().contains("lines resubmitted that may exist twice 70,"), run.out());
      // The line that was cut had been accepted; its second job is no error.
      assertEquals(101, kanal.jobs());
    }
  }

  @Test
  void shouldWaitForTheServerAndSaySo_whenItDiesInTheMiddle() {
    try (FakeKanal kanal =
        FakeKanal.start(FakeFaults.breakingOffAfter(30, Duration.ofMillis(700)))) {
      CheckRun run = check(kanal, "--jobs", "300", "--chunk", "100");

      assertEquals(0, run.status(), run.out());
      assertTrue(run.out().contains("server away ("), run.out());
      assertTrue(run.out().contains("server back after"), run.out());
      assertEquals("check passed", run.lastLine());
    }
  }

  @Test
  void shouldTryAgain_whenTheServerIsBusy() {
    try (FakeKanal kanal = FakeKanal.start(FakeFaults.busy(2))) {
      CheckRun run = check(kanal, "--jobs", "10", "--submitters", "1");

      assertEquals(0, run.status(), run.out());
      assertTrue(run.out().contains("lines resubmitted that may exist twice 20,"), run.out());
    }
  }

  private static CheckRun check(FakeKanal kanal, String... options) {
    String[] args =
        Stream.concat(Stream.of("--url", kanal.url()), Stream.of(options)).toArray(String[]::new);
    return CheckRun.of(args);
  }
}
