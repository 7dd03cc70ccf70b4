package dev.kanal.scheduler.api.operate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.config.UiConfig;
import dev.kanal.scheduler.api.ApiNode;
import dev.kanal.scheduler.api.http.ProblemWriter;
import dev.kanal.scheduler.dashboard.Site;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DashboardHandlerTest {
  private static final String VERSION = Site.load().version();
  private static final String STYLE = "/assets/" + VERSION + "/lib/uplot/uPlot.min.css";

  private static final String BROWSERS =
      "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8";

  private static final ApiNode node = new ApiNode();

  @AfterAll
  static void stop() {
    node.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/jobs?state=DEAD&tag=a%3Ab", "/queues/mail", "/schedules/x"})
  void shouldAnswerItsPage_andLetNothingElseIn(String path) {
    HttpResponse<byte[]> answer = node.get(path);

    assertEquals(200, answer.statusCode());
    assertEquals("text/html; charset=utf-8", header(answer, "Content-Type"));
    assertEquals("no-cache", header(answer, "Cache-Control"));
    String policy = header(answer, "Content-Security-Policy");
    assertTrue(
        policy.matches(
            "default-src 'none'; script-src 'self' 'sha256-[^ ]+'; style-src 'self' 'sha256-[^"
                + " ]+';.*"),
        policy);
    String page = new String(answer.body(), StandardCharsets.UTF_8);
    assertTrue(page.contains("assets/" + VERSION + "/app.js"), page);
  }

  @Test
  void shouldLetFilesBeKeptForGood_ifTheyAreOfThisVersion() {
    HttpResponse<byte[]> exact = node.get(STYLE);
    HttpResponse<byte[]> other = node.get("/assets/0123abcd/lib/uplot/uPlot.min.css");

    assertEquals("public, max-age=31536000, immutable", header(exact, "Cache-Control"));
    assertEquals("no-cache", header(other, "Cache-Control"));
    assertEquals(200, other.statusCode());
    assertEquals(404, node.get("/assets/" + VERSION + "/no.css").statusCode());
    assertEquals(404, node.get("/assets/" + VERSION + "/..%2f..%2fAsset.class").statusCode());
  }

  @Test
  void shouldZip_whenTheClientTakesThat() {
    HttpResponse<byte[]> zipped =
        node.send(node.request(STYLE).header("Accept-Encoding", "br, gzip"));
    HttpResponse<byte[]> plain =
        node.send(node.request(STYLE).header("Accept-Encoding", "gzip;q=0, br"));

    assertEquals("gzip", header(zipped, "Content-Encoding"));
    assertEquals("", header(plain, "Content-Encoding"));
    assertTrue(zipped.body().length * 2 < plain.body().length);
  }

  @Test
  void shouldSayThatNothingHasChanged() {
    String tag = header(node.get("/"), "ETag");

    assertEquals(304, node.send(node.request("/jobs").header("If-None-Match", tag)).statusCode());
  }

  @Test
  void shouldBeRead_notWritten() {
    HttpResponse<byte[]> answer = node.send(node.request("/jobs").POST(BodyPublishers.noBody()));

    assertEquals(405, answer.statusCode());
    assertEquals("GET, HEAD", header(answer, "Allow"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/nope", "/failures/x", "/jobs/a/b", "/assets/0123abcd/no.css?a=b"})
  void shouldAnswerTheSamePage_whereABrowserFindsNothing(String path) {
    HttpResponse<byte[]> answer = node.send(node.request(path).header("Accept", BROWSERS));

    assertEquals(404, answer.statusCode());
    assertEquals("text/html; charset=utf-8", header(answer, "Content-Type"));
    assertEquals("no-cache", header(answer, "Cache-Control"));
    assertEquals("Accept, Accept-Encoding", header(answer, "Vary"));
    assertTrue(header(answer, "Content-Security-Policy").startsWith("default-src 'none'"));
    String page = new String(answer.body(), StandardCharsets.UTF_8);
    assertTrue(page.contains("assets/" + VERSION + "/app.js"), page);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/nope|*/*",
        "/nope|application/json",
        "/nope|text/html;q=0, */*",
        "/v1/nope|text/html",
        "/a/b/c/d/e/f/g/h/i/j|text/html"
      })
  void shouldSayTheProblem_toOthers(String path, String accept) {
    HttpResponse<byte[]> answer = node.send(node.request(path).header("Accept", accept));

    assertEquals(404, answer.statusCode());
    assertEquals(ProblemWriter.MEDIA_TYPE, header(answer, "Content-Type"));
  }

  @Test
  void shouldNotBeThere_whenItIsOff() {
    try (ApiNode off = new ApiNode(new UiConfig(UiConfig.Mode.OFF, ""))) {
      assertEquals(404, off.get("/").statusCode());
      assertEquals(404, off.get(STYLE).statusCode());
      assertEquals(200, off.get("/v1/queues").statusCode());
    }
  }

  private static String header(HttpResponse<byte[]> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }
}
