package dev.kanal.architecture;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import javax.lang.model.element.Modifier;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** Reads sizes off sources with the parser of the Java compiler. */
final class Measure {
  /**
   * A method or constructor. Lines count from its first annotation to its closing brace, without
   * its comment. A record's canonical constructor has no parameters here: they are its components;
   * nor has a method that overrides: the method does not choose them.
   */
  record Method(Path file, String name, int lines, int parameters) {
    @Override
    public String toString() {
      return "%s#%s (%d lines, %d parameters)"
          .formatted(file.getFileName(), name, lines, parameters);
    }
  }

  /** A type that is not inside another. */
  record TopLevelType(Path file, String name, boolean isPublic) {}

  /** What a set of sources holds. */
  record Sizes(List<Method> methods, List<TopLevelType> types) {
    Sizes {
      methods = List.copyOf(methods);
      types = List.copyOf(types);
    }
  }

  private Measure() {}

  static Sizes of(List<Path> files) throws IOException {
    var compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "compiler");
    var problems = new DiagnosticCollector<JavaFileObject>();
    try (var manager = compiler.getStandardFileManager(problems, Locale.ROOT, null)) {
      var sources = manager.getJavaFileObjectsFromPaths(files);
      var task =
          (JavacTask)
              compiler.getTask(null, manager, problems, List.of("-proc:none"), null, sources);
      var methods = new ArrayList<Method>();
      var types = new ArrayList<TopLevelType>();
      SourcePositions positions = Trees.instance(task).getSourcePositions();
      for (CompilationUnitTree unit : task.parse()) {
        Path file = Path.of(unit.getSourceFile().toUri());
        unit.getTypeDecls().stream()
            .filter(ClassTree.class::isInstance)
            .map(type -> topLevel(file, (ClassTree) type))
            .forEach(types::add);
        new MethodScanner(file, unit, positions, methods).scan(unit, null);
      }
      if (!problems.getDiagnostics().isEmpty()) {
        throw new IllegalArgumentException(
            "Expected sources that parse, but: " + problems.getDiagnostics());
      }
      return new Sizes(methods, types);
    }
  }

  /** The value that 95 of 100 do not exceed; 0 for none. */
  static int p95(List<Integer> values) {
    if (values.isEmpty()) {
      return 0;
    }
    List<Integer> sorted = values.stream().sorted().toList();
    return sorted.get((int) Math.ceil(sorted.size() * 0.95) - 1);
  }

  /** Packages, main and test each for itself, of more than {@code most} files. */
  static List<String> largePackages(List<Path> files, int most) {
    Map<String, Integer> sizes = new TreeMap<>();
    for (Path file : files) {
      if (!file.endsWith("package-info.java")) {
        sizes.merge(
            Objects.requireNonNull(file.getParent(), "parent").toString().replace('\\', '/'),
            1,
            Integer::sum);
      }
    }
    return sizes.entrySet().stream()
        .filter(each -> each.getValue() > most)
        .map(each -> each.getKey() + " (" + each.getValue() + ")")
        .toList();
  }

  private static TopLevelType topLevel(Path file, ClassTree type) {
    boolean isPublic = type.getModifiers().getFlags().contains(Modifier.PUBLIC);
    return new TopLevelType(file, type.getSimpleName().toString(), isPublic);
  }

  private static final class MethodScanner extends TreeScanner<@Nullable Void, @Nullable Void> {
    private final Path file;
    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private final List<Method> found;

    MethodScanner(
        Path file, CompilationUnitTree unit, SourcePositions positions, List<Method> found) {
      this.file = file;
      this.unit = unit;
      this.positions = positions;
      this.found = found;
    }

    @Override
    public @Nullable Void visitClass(ClassTree type, @Nullable Void unused) {
      for (Tree member : type.getMembers()) {
        // The parser adds no default constructors, so every method here is in the source.
        if (member instanceof MethodTree method) {
          found.add(measured(type, method));
        }
      }
      return super.visitClass(type, null);
    }

    private Method measured(ClassTree type, MethodTree method) {
      LineMap lines = unit.getLineMap();
      long first = lines.getLineNumber(positions.getStartPosition(unit, method));
      long last = lines.getLineNumber(positions.getEndPosition(unit, method) - 1);
      String name = type.getSimpleName() + "." + method.getName();
      boolean given = isCanonical(type, method) || isOverride(method);
      int parameters = given ? 0 : method.getParameters().size();
      return new Method(file, name, Math.toIntExact(last - first + 1), parameters);
    }

    private static boolean isOverride(MethodTree method) {
      return method.getModifiers().getAnnotations().stream()
          .anyMatch(each -> each.getAnnotationType().toString().equals("Override"));
    }

    private static boolean isCanonical(ClassTree type, MethodTree method) {
      if (type.getKind() != Tree.Kind.RECORD || !method.getName().contentEquals("<init>")) {
        return false;
      }
      long components =
          type.getMembers().stream()
              .filter(VariableTree.class::isInstance)
              .map(VariableTree.class::cast)
              .filter(field -> !field.getModifiers().getFlags().contains(Modifier.STATIC))
              .count();
      return method.getParameters().size() == components;
    }
  }
}
