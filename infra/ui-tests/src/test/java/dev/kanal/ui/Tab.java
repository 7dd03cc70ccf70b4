package dev.kanal.ui;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A tab of the browser. Closing it fails if anything went wrong in it unnoticed. */
final class Tab implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Tab.class);

  /** What is shown comes from a server that may be busy with other tests. */
  static final double PATIENCE_MS = 30_000;

  private static final String AXE = read("/axe.min.js");
  private static final String VIOLATIONS =
      """
      async () => (await axe.run(document)).violations
        .filter((each) => ['serious', 'critical'].includes(each.impact))
        .map((each) => `${each.impact} ${each.id}: ${each.nodes.map((node) => node.html).join(' | ')}`)\
      """;

  /** What the policy of the page has refused, which the console may not show. */
  private static final String REPORTS =
      """
      window.reports = [];
      document.addEventListener('securitypolicyviolation',
        (event) => window.reports.push(`${event.violatedDirective} ${event.blockedURI}`));\
      """;

  private final URI root;
  private final BrowserContext context;

  /** What makes the page wider than its window. */
  private static final String BEYOND =
      """
      () => document.documentElement.scrollWidth <= innerWidth ? [] :
        [...document.querySelectorAll('body *')]
          .filter((each) => each.getBoundingClientRect().right > innerWidth)
          .map((each) => `${each.localName}.${each.className} to ${Math.round(each.getBoundingClientRect().right)}: ${each.textContent.slice(0, 40)}`)
          .slice(0, 20)\
      """;

  private final Page page;
  private final List<String> wrong = new ArrayList<>();

  Tab(URI root, BrowserContext context) {
    this.root = root;
    this.context = context;
    context.setDefaultTimeout(PATIENCE_MS);
    context.addInitScript(AXE);
    context.addInitScript(REPORTS);
    this.page = context.newPage();
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error") && !isAnswer(message.text())) {
            wrong.add("console: " + message.text());
          }
        });
    page.onPageError(error -> wrong.add("error: " + error));
    page.onResponse(Tab::note);
    page.onRequest(
        request -> {
          if (!request.url().startsWith(root.toString()) && !request.url().startsWith("data:")) {
            wrong.add("request to elsewhere: " + request.url());
          }
        });
  }

  /** What the page has changed on the server, to be read when a test has failed. */
  private static void note(Response response) {
    Request request = response.request();
    if (!request.method().equals("GET")) {
      log.info(
          "{} {} {} -> {}", request.method(), request.url(), request.postData(), response.status());
    }
  }

  /** Whether the browser only reports a status that the page shows itself. */
  private static boolean isAnswer(String text) {
    return text.startsWith("Failed to load resource: the server responded with a status of");
  }

  Page page() {
    return page;
  }

  /** Opens a page of the dashboard by its path, and waits until it has its heading. */
  Tab open(String path) {
    page.navigate(root + "/" + path);
    shows(page.locator("main h1"));
    return this;
  }

  /** As when the window is resized, or the system's colours are changed, with the page open. */
  Tab as(Look look) {
    page.setViewportSize(look.width(), look.height());
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(look.scheme()));
    return this;
  }

  Tab shows(Locator locator) {
    assertThat(locator.first())
        .isVisible(new LocatorAssertions.IsVisibleOptions().setTimeout(PATIENCE_MS));
    return this;
  }

  /** Waits until the page has a text. */
  Tab shows(String text) {
    return shows(page.getByText(text));
  }

  Tab lacks(Locator locator) {
    return has(0, locator);
  }

  Tab has(int count, Locator locator) {
    assertThat(locator)
        .hasCount(count, new LocatorAssertions.HasCountOptions().setTimeout(PATIENCE_MS));
    return this;
  }

  /** Presses the button of this name on the page itself. */
  Tab press(String name) {
    button(page.locator("main"), name).click();
    return this;
  }

  /** Presses a button in the row of a table that has a text. */
  Tab press(String row, String name) {
    button(row(row), name).click();
    return this;
  }

  Locator row(String text) {
    return page.locator("main tr").filter(new Locator.FilterOptions().setHasText(text)).first();
  }

  /** Waits for a dialog with a text, and answers it. */
  Tab confirm(String asked, String verb) {
    Locator dialog = page.locator("dialog");
    assertThat(dialog)
        .containsText(
            Pattern.compile(asked),
            new LocatorAssertions.ContainsTextOptions().setTimeout(PATIENCE_MS));
    button(dialog, verb).click();
    assertThat(dialog)
        .not()
        .isVisible(new LocatorAssertions.IsVisibleOptions().setTimeout(PATIENCE_MS));
    return this;
  }

  Tab fill(String label, String text) {
    Locator input = page.getByLabel(label, new Page.GetByLabelOptions().setExact(true)).first();
    input.fill(text);
    assertThat(input).hasValue(text);
    return this;
  }

  static Locator button(Locator within, String name) {
    return within
        .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(name).setExact(true))
        .first();
  }

  /** Checks that nothing keeps people from using the page. */
  Tab isAccessible() {
    assertEquals(List.of(), page.evaluate(VIOLATIONS), page.url());
    return this;
  }

  /** Checks that nothing lies beyond the right edge. */
  Tab fits() {
    assertEquals(List.of(), page.evaluate(BEYOND), page.url());
    return this;
  }

  /** What a test has brought about itself is no fault. */
  void forgive(String pattern) {
    Pattern meant = Pattern.compile(pattern);
    wrong.removeIf(each -> meant.matcher(each).find());
  }

  Tab screenshot(String name) {
    page.screenshot(
        new Page.ScreenshotOptions().setPath(Path.of("target", "screenshots", name + ".png")));
    return this;
  }

  @Override
  public void close() {
    context.close();
    assertEquals(List.of(), wrong);
  }

  private static String read(String resource) {
    try (InputStream in = Tab.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("Expected " + resource + " on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
