package dev.kanal.embedded.junit;

import dev.kanal.embedded.EmbeddedKafka;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Resolves parameters of type {@link EmbeddedKafka} and {@link TestKafka} as {@link
 * EmbeddedCluster} describes.
 */
public final class KafkaClusterExtension implements ParameterResolver {
  private static final Logger LOG = LoggerFactory.getLogger(TestKafka.class);
  private static final Namespace NAMESPACE = Namespace.create(KafkaClusterExtension.class);

  /** The place of an annotation: what it says, and the context whose end is the cluster's end. */
  private record Wish(EmbeddedCluster cluster, ExtensionContext owner) {}

  /** Names the owner too, since a store also finds what its parents hold. */
  private record Key(String owner, int nodes) {}

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == EmbeddedKafka.class || type == TestKafka.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == TestKafka.class
        ? anyKafka(context)
        : embedded(context);
  }

  /** The Kafka of the run, whichever it is. */
  public TestKafka anyKafka(ExtensionContext context) {
    if (KafkaChoice.made().isContainer()) {
      return context
          .getRoot()
          .getStore(NAMESPACE)
          .computeIfAbsent(ContainerKafka.class, _ -> ContainerKafka.start(), ContainerKafka.class)
          .kafka();
    }
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .computeIfAbsent(
            embedded(context).bootstrapServers(),
            KafkaClusterExtension::sayEmbedded,
            TestKafka.class);
  }

  private static TestKafka sayEmbedded(String bootstrapServers) {
    LOG.info("The tests' Kafka is embedded, at {}", bootstrapServers);
    return new TestKafka(bootstrapServers);
  }

  private static EmbeddedKafka embedded(ExtensionContext context) {
    Wish wish = findWish(context);
    var key = new Key(wish.owner().getUniqueId(), wish.cluster().nodes());
    return wish.owner()
        .getStore(NAMESPACE)
        .computeIfAbsent(key, _ -> TemporaryCluster.start(key.nodes()), TemporaryCluster.class)
        .kafka();
  }

  private static Wish findWish(ExtensionContext context) {
    @Nullable ExtensionContext place = context;
    while (place != null) {
      Optional<EmbeddedCluster> found =
          AnnotationSupport.findAnnotation(place.getElement(), EmbeddedCluster.class);
      if (found.isPresent()) {
        return new Wish(found.get(), found.get().shared() ? context.getRoot() : place);
      }
      place = place.getParent().orElse(null);
    }
    throw new ParameterResolutionException(
        "Expected @EmbeddedCluster on %s or its class, but found none"
            .formatted(context.getDisplayName()));
  }
}
