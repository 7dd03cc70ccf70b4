package dev.kanal.bench.worker;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The Parallel Consumer with the newest Kafka client with which it works, which is older than that
 * of all others. The build puts both in a folder beside this module's classes, on no class path.
 */
final class ParallelLibrary extends URLClassLoader {
  /** Everything else, compression for instance, is shared. */
  private static final List<String> OWN =
      List.of("io.confluent.", "org.apache.kafka.", ParallelShift.class.getName());

  private ParallelLibrary(List<URL> places) {
    super("parallel-consumer", places.toArray(URL[]::new), ParallelLibrary.class.getClassLoader());
  }

  /** One for the process: what the JVM learned in one shift it knows in the next. */
  private static final class Opened {
    private static final ParallelLibrary LIBRARY = open();

    private Opened() {}
  }

  static ParallelLibrary opened() {
    return Opened.LIBRARY;
  }

  private static ParallelLibrary open() {
    try {
      URL ours = ParallelLibrary.class.getProtectionDomain().getCodeSource().getLocation();
      List<URL> places = new ArrayList<>(List.of(ours));
      Path libraries = Path.of(ours.toURI()).resolveSibling("parallel-consumer");
      try (Stream<Path> jars = Files.list(libraries)) {
        for (Path jar : jars.sorted().toList()) {
          places.add(jar.toUri().toURL());
        }
      }
      return new ParallelLibrary(places);
    } catch (IOException | URISyntaxException e) {
      throw new IllegalStateException("Expected the libraries that the build fetches", e);
    }
  }

  ParallelPlan.Work start(ParallelPlan plan) throws ReflectiveOperationException {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    // Kafka's clients, and the threads that they start, look there for classes that are settings.
    thread.setContextClassLoader(this);
    try {
      return (ParallelPlan.Work)
          loadClass(ParallelShift.class.getName())
              .getConstructor(ParallelPlan.class)
              .newInstance(plan);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Override
  public @Nullable URL getResource(String name) {
    URL own = findResource(name);
    return own == null ? super.getResource(name) : own;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (OWN.stream().noneMatch(name::startsWith)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? findClass(name) : loaded;
    }
  }
}
