package dev.kanal.worker.run;

import dev.kanal.worker.JobHandler;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The classes of one handler jar: its own before the worker's, so that two jars may bring different
 * versions of a library. Classes that handlers and the worker share come from the worker.
 */
final class JarLoader extends URLClassLoader {
  private static final List<String> SHARED =
      List.of(
          "java.",
          "dev.kanal.worker.",
          "dev.kanal.common.",
          "com.fasterxml.jackson.annotation.",
          "org.slf4j.",
          "org.jspecify.");

  static {
    registerAsParallelCapable();
  }

  JarLoader(URL jar, ClassLoader parent) {
    super("kanal-handlers", new URL[] {jar}, parent);
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (SHARED.stream().anyMatch(name::startsWith)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> found = findLoadedClass(name);
      if (found == null) {
        found = own(name);
      }
      if (found == null) {
        return super.loadClass(name, resolve);
      }
      if (resolve) {
        resolveClass(found);
      }
      return found;
    }
  }

  @Override
  public @Nullable URL getResource(String name) {
    URL own = findResource(name);
    return own == null && !isServices(name) ? super.getResource(name) : own;
  }

  /** The worker's own handlers are not the jar's. */
  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    return isServices(name) ? findResources(name) : super.getResources(name);
  }

  private @Nullable Class<?> own(String name) {
    try {
      return findClass(name);
    } catch (ClassNotFoundException _) {
      return null;
    }
  }

  private static boolean isServices(String name) {
    return name.equals("META-INF/services/" + JobHandler.class.getName());
  }
}
