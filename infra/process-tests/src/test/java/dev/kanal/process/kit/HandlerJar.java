package dev.kanal.process.kit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/** A jar as a user deploys it to the stand-alone worker. */
public final class HandlerJar {
  private static final String SERVICE = "META-INF/services/dev.kanal.worker.JobHandler";

  private HandlerJar() {}

  /** Makes a folder with one jar of one handler; the class must be public and stand by itself. */
  public static Path folder(Path parent, Class<?> handler) throws IOException {
    Path folder = Files.createDirectories(parent.resolve("handlers"));
    String file = handler.getName().replace('.', '/') + ".class";
    try (var jar = new JarOutputStream(Files.newOutputStream(folder.resolve("handler.jar")));
        InputStream code = handler.getClassLoader().getResourceAsStream(file)) {
      jar.putNextEntry(new JarEntry(file));
      Objects.requireNonNull(code, file).transferTo(jar);
      jar.closeEntry();
      jar.putNextEntry(new JarEntry(SERVICE));
      jar.write(handler.getName().getBytes(StandardCharsets.UTF_8));
      jar.closeEntry();
    }
    return folder;
  }
}
