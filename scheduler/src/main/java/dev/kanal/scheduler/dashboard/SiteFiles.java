package dev.kanal.scheduler.dashboard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Finds the files of the site on the class path, in a directory or in a jar. */
final class SiteFiles {
  private static final String ENTRY = "site/index.html";

  private SiteFiles() {}

  /** Contents by path below {@code site/}, with slashes. */
  static SortedMap<String, byte[]> read() {
    URL page = SiteFiles.class.getResource(ENTRY);
    if (page == null) {
      throw new IllegalStateException("Expected " + ENTRY + " on the class path, but it is not");
    }
    try {
      URI uri = page.toURI();
      if (!uri.getScheme().equals("jar")) {
        return below(directory(Path.of(uri)));
      }
      String[] parts = uri.getSchemeSpecificPart().split("!/", 2);
      try (FileSystem jar = FileSystems.newFileSystem(Path.of(URI.create(parts[0])))) {
        return below(directory(jar.getPath(parts[1])));
      }
    } catch (URISyntaxException e) {
      throw new IllegalStateException("Expected " + page + " to be a URI, but it is not", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path directory(Path page) {
    Path directory = page.getParent();
    if (directory == null) {
      throw new IllegalStateException("Expected " + page + " in a directory, but it is in none");
    }
    return directory;
  }

  private static SortedMap<String, byte[]> below(Path root) throws IOException {
    var files = new TreeMap<String, byte[]>();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(root.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
      }
    }
    return files;
  }
}
