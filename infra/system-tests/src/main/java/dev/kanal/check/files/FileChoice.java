package dev.kanal.check.files;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kanal.check.server.CheckStopped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Chooses the files of a directory whose content fits the result of a job. */
final class FileChoice {
  /** What a job's result may hold. */
  static final int RESULT_BYTES = 256 * 1024;

  /** Left for the status and the headers that the handler puts beside the body. */
  static final int AROUND_THE_BODY_BYTES = 8 * 1024;

  private static final int MOST_FILES = 20_000;

  /** Change while they are served. */
  private static final Set<String> LEFT_OUT = Set.of("target", "data", "node_modules");

  private final ObjectMapper json = new ObjectMapper();
  private final Path root;

  FileChoice(Path root) {
    this.root = root;
  }

  /**
   * In the order of their paths.
   *
   * @throws CheckStopped if the directory cannot be read or has no such file
   */
  List<ServedFile> choose() {
    List<ServedFile> chosen = new ArrayList<>();
    try {
      for (Path file : walk()) {
        if (fits(file)) {
          chosen.add(ServedFile.of(root, file));
        }
      }
    } catch (IOException | UncheckedIOException e) {
      throw new CheckStopped(
          "Expected to read the files below --dir %s, but: %s".formatted(root, e));
    }
    if (chosen.isEmpty()) {
      throw new CheckStopped(
          "Expected files of at most %d KiB below --dir %s, but there are none"
              .formatted(RESULT_BYTES / 1024, root));
    }
    return chosen;
  }

  private List<Path> walk() throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            return directory.equals(root) || !isLeftOut(directory)
                ? FileVisitResult.CONTINUE
                : FileVisitResult.SKIP_SUBTREE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile() && attributes.size() <= RESULT_BYTES) {
              files.add(file);
            }
            return files.size() < MOST_FILES ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
          }
        });
    files.sort(null);
    return files;
  }

  private static boolean isLeftOut(Path directory) {
    String name = String.valueOf(directory.getFileName());
    return name.startsWith(".") || LEFT_OUT.contains(name);
  }

  private boolean fits(Path file) throws IOException {
    byte[] body = json.writeValueAsBytes(Body.of(Files.readAllBytes(file), json));
    return body.length + AROUND_THE_BODY_BYTES <= RESULT_BYTES;
  }
}
