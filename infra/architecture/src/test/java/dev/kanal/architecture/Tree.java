package dev.kanal.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The checked-out tree: its modules, their sources and their compiled classes. */
final class Tree {
  private static final Set<String> NOT_OURS =
      Set.of("target", "data", "node_modules", ".git", ".idea", ".vscode");

  private final Path root;

  private Tree(Path root) {
    this.root = root;
  }

  /** The tree that the test's working directory lies in. */
  static Tree here() {
    Path start = Path.of("").toAbsolutePath();
    for (var at = start; at != null; at = at.getParent()) {
      if (Files.isRegularFile(at.resolve("kanal")) && Files.isRegularFile(at.resolve("pom.xml"))) {
        return new Tree(at);
      }
    }
    throw new IllegalStateException("Expected to run inside the tree, but was in " + start);
  }

  Path root() {
    return root;
  }

  /** Every directory below the root that has a pom. */
  List<Path> modules() {
    return filesWhere(file -> file.getFileName().toString().equals("pom.xml")).stream()
        .map(pom -> root.relativize(pom).getParent())
        .filter(module -> module != null)
        .map(root::resolve)
        .toList();
  }

  List<Path> javaFiles() {
    return filesWhere(file -> file.toString().endsWith(".java"));
  }

  /** The existing output directories named {@code output} under the modules' target. */
  List<Path> classDirectories(String output) {
    return modules().stream()
        .map(module -> module.resolve("target").resolve(output))
        .filter(Files::isDirectory)
        .toList();
  }

  /** All files of the project that {@code wanted} picks, without what the build or tools make. */
  List<Path> filesWhere(Predicate<Path> wanted) {
    try (Stream<Path> entries = Files.walk(root)) {
      return entries.filter(this::isOurs).filter(Files::isRegularFile).filter(wanted).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isOurs(Path path) {
    for (Path name : root.relativize(path)) {
      if (NOT_OURS.contains(name.toString())) {
        return false;
      }
    }
    return true;
  }
}
