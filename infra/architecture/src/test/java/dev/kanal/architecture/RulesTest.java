package dev.kanal.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The compiled classes of all modules keep the {@link Rules}. */
final class RulesTest {
  private static final Tree TREE = Tree.here();

  /** Without the classes that JMH generates from the benchmark's loops. */
  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(location -> !location.contains("/jmh_generated/"))
          .importPaths(TREE.classDirectories("classes"));

  private static final JavaClasses TESTS =
      new ClassFileImporter().importPaths(TREE.classDirectories("test-classes"));

  static final Set<String> MAIN_RULES = Rules.FOR_MAIN.keySet();
  static final Set<String> ALL_RULES = Rules.FOR_ALL.keySet();

  @ParameterizedTest
  @FieldSource("MAIN_RULES")
  void shouldKeepRuleInMain(String name) {
    PlantedRulesTest.rule(name).check(MAIN);
  }

  @ParameterizedTest
  @FieldSource("ALL_RULES")
  void shouldKeepRuleInMainAndTests(String name) {
    PlantedRulesTest.rule(name).check(MAIN);
    PlantedRulesTest.rule(name).check(TESTS);
  }

  @Test
  void shouldMarkEveryPackageForNullness() {
    var marked = new HashSet<String>();
    var used = new TreeSet<String>();
    for (JavaClasses classes : Set.of(MAIN, TESTS)) {
      for (JavaClass type : classes) {
        used.add(type.getPackageName());
        if (type.getSimpleName().equals("package-info") && type.isAnnotatedWith(NullMarked.class)) {
          marked.add(type.getPackageName());
        }
      }
    }

    used.removeAll(marked);

    assertEquals(Set.of(), used, "Expected @NullMarked on every package");
  }

  @Test
  void shouldSeeMainAndTestClasses() {
    assertTrue(MAIN.contain("dev.kanal.common.job.JobId"));
    assertTrue(TESTS.contain(RulesTest.class));
  }
}
