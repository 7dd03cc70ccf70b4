package dev.kanal.ui;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One browser for all test classes; tests are skipped where there is none. */
final class BrowserExtension implements ExecutionCondition, ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(BrowserExtension.class);
  private static final Path BROWSER =
      Path.of(System.getProperty("ui.browser", "/usr/bin/chromium"));

  /** The browser of this run; JUnit's store closes it. */
  private record Owned(Chrome chrome) implements AutoCloseable {
    @Override
    public void close() {
      chrome.close();
    }
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return Files.isExecutable(BROWSER)
        ? ConditionEvaluationResult.enabled("There is a browser: " + BROWSER)
        : ConditionEvaluationResult.disabled(
            "There is no browser at " + BROWSER + "; -Dui.browser=PATH names another");
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Chrome.class;
  }

  @Override
  public Chrome resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .computeIfAbsent(Owned.class, _ -> new Owned(Chrome.start(BROWSER)), Owned.class)
        .chrome();
  }
}
