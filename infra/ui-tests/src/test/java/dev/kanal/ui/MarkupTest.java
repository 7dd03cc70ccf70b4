package dev.kanal.ui;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import com.sun.net.httpserver.HttpServer;
import dev.kanal.junit.TestKanal;
import dev.kanal.worker.JobFailed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Markup in text from users, handlers, services and links: it is shown as text, and never run. */
@BrowserTest
final class MarkupTest {
  private static final List<String> MARKUP =
      List.of(
          "<img src=x onerror=injected=1>",
          "<script>window.injected=1</script>",
          "<svg onload=injected=1>",
          "javascript:window.injected=1",
          "</textarea><script>injected=1</script>",
          "\" onfocus=\"injected=1\" autofocus=\"",
          "' onmouseover='injected=1",
          "--><iframe srcdoc=x></iframe>",
          "${window.injected=1}{{injected=1}}");

  /** Behind which a path takes any text. */
  private static final List<String> PLACES =
      List.of(
          "jobs?find=",
          "jobs?type=",
          "jobs?queue=",
          "jobs?key=",
          "jobs?tag=a:",
          "jobs?schedule=",
          "jobs?cursor=",
          "jobs?createdAfter=",
          "queues?find=",
          "queues?page=",
          "failures?queue=",
          "failures?type=",
          "?window=",
          "",
          "jobs/",
          "queues/",
          "workers/",
          "schedules/");

  /** What none of our pages contains, whatever it shows. */
  private static final String FOUND =
      """
      () => [
        ...[...document.querySelectorAll('main, dialog, kanal-bulk, .side')].flatMap((root) =>
          [...root.querySelectorAll('img, script, iframe, object, embed, link, style, base, svg:not(.brand svg, .spark), form[action]')]
            .map((each) => each.outerHTML.slice(0, 200))),
        ...[...document.querySelectorAll('*')].flatMap((each) => [...each.attributes]
          .filter(({ name, value }) => name.startsWith('on') || name === 'srcdoc' || name === 'style' && each.closest('main') && /expression|url/i.test(value)
            || ['href', 'src', 'action', 'formaction', 'xlink:href'].includes(name) && !/^(https?:|\\.|\\/|[?#]|data:image)/.test(value))
          .map(({ name, value }) => `${each.localName}[${name}=${value}]`)),
        ...(window.injected === undefined ? [] : ['a script ran']),
        ...(window.reports ?? ['no reports are taken']).map((report) => `policy: ${report}`),
      ]\
      """;

  private final TestKanal kanal;
  private final Chrome chrome;
  private final Samples samples;
  private final HttpServer service;

  MarkupTest(TestKanal kanal, Chrome chrome) throws IOException {
    this.kanal = kanal;
    this.chrome = chrome;
    this.samples = new Samples(kanal);
    this.service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  @BeforeEach
  void work() {
    service.createContext(
        "/",
        exchange -> {
          byte[] body = String.join("\n", MARKUP).getBytes(UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "text/html; " + MARKUP.getFirst());
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    service.start();
    var _ =
        kanal.worker(
            builder ->
                builder
                    .name(Samples.WORKER)
                    .handle(
                        "marked",
                        JsonNode.class,
                        (context, _) -> {
                          MARKUP.forEach(context::log);
                          context.progress(0.5, MARKUP.getFirst());
                          throw new JobFailed(MARKUP.get(1), String.join(" ", MARKUP), false);
                        }));
  }

  @AfterEach
  void stop() {
    service.stop(0);
  }

  @Test
  void shouldRunNoMarkup_onAnyPage() {
    List<String> ids = jobs();
    samples.put(
        "/v1/schedules/marked",
        "{\"every\":\"1s\",\"job\":{\"type\":\"echo\",\"key\":%s,\"tags\":%s,\"payload\":%s}}"
            .formatted(Samples.quoted(MARKUP.getFirst()), tags(), object()));
    samples.await("/v1/schedules/marked/runs", runs -> !runs.path("items").isEmpty());
    for (String id : ids) {
      samples.await("/v1/jobs/" + id, job -> job.path("finishedAt").isTextual());
    }
    try (Tab tab = chrome.tab(kanal.url())) {
      for (String path : paths(ids)) {
        tab.open(path);
        tab.page()
            .waitForFunction("() => !document.querySelector('main').innerText.includes('Loading')");
        unfold(tab);

        assertEquals(List.of(), tab.page().evaluate(FOUND), path);
      }
    }
  }

  @Test
  void shouldRunNoMarkup_inForms() {
    List<String> ids = jobs();
    samples.put(
        "/v1/schedules/form",
        "{\"every\":\"1h\",\"job\":{\"type\":\"echo\",\"payload\":%s}}".formatted(object()));
    try (Tab tab = chrome.tab(kanal.url())) {
      for (String[] form :
          new String[][] {{"jobs/" + ids.getFirst(), "Clone"}, {"schedules/form", "Edit"}}) {
        tab.open(form[0]).press(form[1]).shows(tab.page().locator("dialog textarea"));
        assertTrue(tab.page().locator("dialog textarea").inputValue().contains("</textarea>"));
        assertEquals(List.of(), tab.page().evaluate(FOUND), form[0]);
        tab.page().locator("dialog textarea").fill("{" + MARKUP.getFirst());
        tab.page().locator("dialog button[type=submit]").click();
        tab.shows(tab.page().locator("dialog [role=alert]"));
        assertEquals(List.of(), tab.page().evaluate(FOUND), form[0] + " refused");
      }
      for (String markup : MARKUP) {
        tab.open("jobs");
        Locator box = tab.page().locator("[name=search]");
        box.fill(markup);
        box.press("Enter");
        tab.shows(tab.page().locator(".chips + .chips, main [role=alert]"));
        assertEquals(List.of(), tab.page().evaluate(FOUND), "found " + markup);
      }
    }
  }

  /** Proof that the test would find markup that gets into a page. */
  @Test
  void shouldSeeMarkup_whereItIsPlanted() {
    for (String markup : MARKUP.subList(0, 3)) {
      try (Tab tab = chrome.tab(kanal.url())) {
        tab.open("jobs");
        tab.page()
            .evaluate("markup => document.querySelector('main h1').innerHTML = markup", markup);

        assertTrue(((List<?>) tab.page().evaluate(FOUND)).size() > 0, markup);
        tab.forgive("Refused|violates|x$");
      }
    }
  }

  /** Jobs that have it in every field that takes it. */
  private List<String> jobs() {
    List<String> ids = new ArrayList<>();
    String more = ",\"key\":%s,\"tags\":%s".formatted(Samples.quoted(MARKUP.getFirst()), tags());
    ids.add(samples.submit("echo", object(), more));
    ids.add(samples.submit("echo", list(), more));
    ids.add(samples.submit("marked", object(), more));
    ids.add(
        samples.submit(
            "http",
            "{\"url\":\"http://127.0.0.1:%d/%s\"}".formatted(service.getAddress().getPort(), "x"),
            more));
    return ids;
  }

  private List<String> paths(List<String> ids) {
    List<String> paths =
        new ArrayList<>(
            List.of(
                "",
                "queues",
                "queues/default",
                "jobs",
                "failures",
                "workers",
                "schedules",
                "workers/" + Samples.WORKER,
                "schedules/marked"));
    ids.forEach(id -> paths.add("jobs/" + id));
    // Each place gets a third of them, its neighbour another third.
    for (int markup = 0; markup < MARKUP.size(); markup++) {
      String escaped = URLEncoder.encode(MARKUP.get(markup), UTF_8).replace("+", "%20");
      for (int place = markup % 3; place < PLACES.size(); place += 3) {
        String before = PLACES.get(place);
        paths.add(before + (before.contains("?") ? escaped : escaped.replace("%2F", "")));
      }
    }
    return paths;
  }

  /** Opens everything that is folded. */
  private static void unfold(Tab tab) {
    tab.page()
        .evaluate(
            """
            () => {
              document.querySelectorAll('details:not([open]) > summary').forEach((each) => each.click());
              [...document.querySelectorAll('button')].filter((each) => each.textContent === 'As text').forEach((each) => each.click());
            }\
            """);
  }

  private static String tags() {
    return MARKUP.stream()
        .map(each -> Samples.quoted(each) + ":" + Samples.quoted(each))
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static String object() {
    return tags();
  }

  private static String list() {
    return MARKUP.stream().map(Samples::quoted).collect(Collectors.joining(",", "[", "]"));
  }
}
