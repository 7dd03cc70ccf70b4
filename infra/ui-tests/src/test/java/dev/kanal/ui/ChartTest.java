package dev.kanal.ui;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.junit.TestKanal;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What charts draw, pixel by pixel: the dashboard's own chart, with points of the test. */
@BrowserTest
final class ChartTest {
  /** Draws three percentiles, `values[second]` each, of three minutes that end on a minute. */
  private static final String DRAW =
      """
      async (values) => {
        const site = document.querySelector('script[src]').src.replace(/app\\.js$/, '');
        await import(site + 'parts/chart.js');
        const { span } = await import(site + 'core/format.js');
        const chart = document.createElement('kanal-chart');
        chart.style = 'width:420px';
        chart.label = 'drawn';
        chart.lines = [['p50', 'blue'], ['p95', 'violet'], ['p99', 'amber']]
          .map(([name, color]) => ({ name, color, show: span })).reverse();
        const end = 1893456000 + 600;
        const column = values.map((value) => value);
        document.querySelector('main').replaceChildren(chart);
        chart.data = [values.map((_, at) => end - values.length + 1 + at), column, column, column];
        await new Promise((done) => setTimeout(done, 300));
        const canvas = chart.querySelector('canvas');
        const { left, top, width, height } = chart.plot.bbox;
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        const token = (name) => {
          const [r, g, b] = getComputedStyle(chart).getPropertyValue(`--${name}`).match(/\\d+/g).map(Number);
          return [r, g, b];
        };
        const pixels = (from, to, color) => {
          let count = 0;
          for (let x = Math.round(from); x < Math.round(to); x++) {
            for (let y = 0; y < canvas.height; y++) {
              const at = 4 * (y * canvas.width + x);
              if (data[at + 3] > 40 && (!color || color.every((part, i) => Math.abs(part - data[at + i]) < 40))) {
                count++;
              }
            }
          }
          return count;
        };
        const part = (from, to, color) =>
          pixels(left + width * from, left + width * to, color);
        const lines = ['blue', 'violet', 'amber'].map(token);
        return {
          before: lines.map((color) => part(0.05, 0.3, color)),
          within: lines.map((color) => part(0.36, 0.64, color)),
          after: lines.map((color) => part(0.7, 0.95, color)),
          edges: [pixels(0, 1), pixels(canvas.width - 1, canvas.width)],
          labels: chart.plot.axes[1]._values,
        };
      }""";

  private final Samples samples;
  private final Tab tab;

  ChartTest(TestKanal kanal, Chrome chrome) {
    this.samples = new Samples(kanal);
    this.tab = chrome.tab(kanal.url());
  }

  @BeforeEach
  void open() {
    tab.open("schedules").shows("There are no schedules yet");
  }

  @AfterEach
  void close() {
    tab.close();
  }

  @Test
  void shouldLeaveAGap_whereThereIsNothing() {
    Drawn drawn = draw("at < 60 || at >= 120 ? 5 : null");

    assertEquals(List.of(0, 0, 0), drawn.within, "in the gap");
    assertTrue(drawn.before.stream().allMatch(count -> count > 0), drawn::toString);
    assertTrue(drawn.after.stream().allMatch(count -> count > 0), drawn::toString);
  }

  @Test
  void shouldShowAPointThatStandsAlone() {
    Drawn drawn = draw("at === 90 ? 5 : null");

    assertEquals(0, drawn.before.getFirst() + drawn.after.getFirst());
    assertTrue(drawn.within.getFirst() > 0, drawn::toString);
  }

  @Test
  void shouldShowEachLine_whereTheyAreOne() {
    Drawn drawn = draw("5");

    assertTrue(drawn.before.stream().allMatch(count -> count > 40), drawn::toString);
  }

  @Test
  void shouldCutNoLabel_andNameRoundSteps() {
    Drawn drawn = draw("150");

    assertEquals(List.of(0, 0), drawn.edges, "cut at the edges");
    assertEquals(List.of("0 s", "1 min", "2 min"), drawn.labels);
  }

  @Test
  void shouldKnowAGap_whereNoPointsCame() {
    Object columns =
        tab.page()
            .evaluate(
                """
                async () => {
                  const site = document.querySelector('script[src]').src.replace(/app\\.js$/, '');
                  const { Series } = await import(site + 'core/series.js');
                  const series = new Series(['lag'], 5, 3);
                  series.add({ times: [1, 2, 4], lag: [1, 2, 4] });
                  series.add({ times: [4, 60, 61], lag: [4, 6, 7] });
                  return JSON.stringify(series.columns('lag'));
                }""");

    assertEquals("[[2,4,5.5,60,61],[2,4,null,6,7]]", columns);
  }

  @Test
  void shouldFitTheSlotsThatAreBusy_howeverManyThereAre() {
    samples.worker().submit("slow", "1");
    samples.await("/v1/jobs?state=RUNNING", body -> body.path("items").size() == 1);
    tab.open("");
    tab.page()
        .waitForFunction(
            """
            () => [...document.querySelectorAll('kanal-chart')].some((chart) =>
              chart.label === 'Slots' && chart.plot && Math.max(...chart.plot.data.slice(1).map((each) => each.at(-1))) >= 16
                && chart.plot.scales.y.max < 2)""");
    tab.shows(tab.page().getByText(Pattern.compile("^[\\d,]+ ↑$")))
        .isAccessible()
        .screenshot("overview-slots");
  }

  private Drawn draw(String value) {
    Map<?, ?> drawn =
        (Map<?, ?>)
            tab.page()
                .evaluate(
                    "(values) => ("
                        + DRAW
                        + ")(Array.from({length: 181}, (_, at) => "
                        + value
                        + "))",
                    null);
    return new Drawn(
        numbers(drawn, "before"),
        numbers(drawn, "within"),
        numbers(drawn, "after"),
        numbers(drawn, "edges"),
        list(drawn, "labels").stream().map(String::valueOf).toList());
  }

  private static List<Integer> numbers(Map<?, ?> drawn, String name) {
    return list(drawn, name).stream().map(each -> ((Number) each).intValue()).toList();
  }

  private static List<?> list(Map<?, ?> drawn, String name) {
    return (List<?>) requireNonNull(drawn.get(name));
  }

  /**
   * What is on the canvas: pixels of p50, p95 and p99 in the first, second and third minute, and at
   * its edges; and the labels of the axis.
   */
  private record Drawn(
      List<Integer> before,
      List<Integer> within,
      List<Integer> after,
      List<Integer> edges,
      List<String> labels) {}
}
