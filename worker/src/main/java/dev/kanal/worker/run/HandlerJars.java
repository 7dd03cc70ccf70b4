package dev.kanal.worker.run;

import dev.kanal.worker.HandlersException;
import dev.kanal.worker.JobHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The handlers in the jars of a folder. */
public final class HandlerJars {
  /** The most jars in a folder. */
  static final int JARS_MAX = 100;

  private HandlerJars() {}

  /**
   * Loads what the jars' {@code META-INF/services} name; each jar gets a class loader, which stays
   * open as long as the process lives.
   *
   * @throws HandlersException naming the folder or jar that is at fault
   */
  public static List<Registration<?>> load(Path folder) {
    List<Registration<?>> found = new ArrayList<>();
    for (Path jar : jars(folder)) {
      found.addAll(handlers(jar));
    }
    return found;
  }

  private static List<Path> jars(Path folder) {
    List<Path> jars;
    try (Stream<Path> files = Files.list(folder)) {
      jars = files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    } catch (IOException e) {
      throw new HandlersException(
          "Expected a folder of handler jars at " + folder + ", but cannot read it: " + e, e);
    }
    if (jars.size() > JARS_MAX) {
      throw new HandlersException(
          "Expected at most "
              + JARS_MAX
              + " handler jars in "
              + folder
              + ", but there are "
              + jars.size());
    }
    return jars;
  }

  private static List<Registration<?>> handlers(Path jar) {
    JarLoader loader = loader(jar);
    List<Registration<?>> found = new ArrayList<>();
    try {
      for (JobHandler<?, ?> handler : ServiceLoader.load(JobHandler.class, loader)) {
        found.add(registration(handler, jar, loader));
      }
    } catch (ServiceConfigurationError | RuntimeException | LinkageError e) {
      throw new HandlersException(
          "Expected handlers that can be made in " + jar + ", but: " + root(e), e);
    }
    if (found.isEmpty()) {
      throw new HandlersException(
          "Expected a handler in "
              + jar
              + ", but its META-INF/services/"
              + JobHandler.class.getName()
              + " names none");
    }
    return found;
  }

  private static JarLoader loader(Path jar) {
    try (JarFile file = new JarFile(jar.toFile())) {
      var _ = file.size();
      return new JarLoader(jar.toUri().toURL(), HandlerJars.class.getClassLoader());
    } catch (IOException e) {
      throw new HandlersException("Expected a jar at " + jar + ", but cannot read it: " + e, e);
    }
  }

  private static <P extends @Nullable Object> Registration<P> registration(
      JobHandler<P, ?> handler, Path jar, ClassLoader loader) {
    Registration<P> plain = Registration.of(handler);
    return new Registration<>(
        plain.type(),
        plain.payloadType(),
        handler,
        plain.options(),
        plain.origin() + " of " + jar,
        loader);
  }

  private static Throwable root(Throwable thrown) {
    Throwable root = thrown;
    for (int depth = 0; root.getCause() != null && depth < 20; depth++) {
      root = root.getCause();
    }
    return root;
  }
}
