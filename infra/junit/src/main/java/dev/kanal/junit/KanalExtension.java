package dev.kanal.junit;

import dev.kanal.embedded.junit.KafkaClusterExtension;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** Resolves parameters of type {@link TestKanal} as {@link KanalTest} describes. */
public final class KanalExtension implements ParameterResolver, AfterEachCallback {
  private static final Namespace NAMESPACE = Namespace.create(KanalExtension.class);

  private final KafkaClusterExtension clusters = new KafkaClusterExtension();

  /** The Kanal of a test class; JUnit's store closes it. */
  private record Owned(TestKanal kanal) implements AutoCloseable {
    @Override
    public void close() {
      kanal.close();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == TestKanal.class;
  }

  @Override
  public TestKanal resolveParameter(ParameterContext parameter, ExtensionContext context) {
    String servers = clusters.anyKafka(context).bootstrapServers();
    return testClass(context)
        .getStore(NAMESPACE)
        .computeIfAbsent(Owned.class, _ -> new Owned(TestKanal.start(servers)), Owned.class)
        .kanal();
  }

  @Override
  public void afterEach(ExtensionContext context) {
    Owned owned = testClass(context).getStore(NAMESPACE).get(Owned.class, Owned.class);
    if (owned != null) {
      owned.kanal().closeWorkers();
    }
  }

  /** The outermost place that has the annotation: nested classes share what is around them. */
  private static ExtensionContext testClass(ExtensionContext context) {
    ExtensionContext found = context;
    Optional<ExtensionContext> place = Optional.of(context);
    while (place.isPresent()) {
      if (AnnotationSupport.isAnnotated(place.get().getElement(), KanalTest.class)) {
        found = place.get();
      }
      place = place.get().getParent();
    }
    return found;
  }
}
