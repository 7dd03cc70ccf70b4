package dev.kanal.bench.postgres;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The programs of PostgreSQL on this machine, and the user they run as. They refuse the superuser,
 * and then run as another user.
 *
 * @param bin where they are
 * @param runAs a user's name; empty for the current user
 */
record Programs(Path bin, Optional<String> runAs) {
  private static final List<String> NEEDED = List.of("initdb", "pg_ctl", "postgres");
  private static final Path PACKAGED = Path.of("/usr/lib/postgresql");
  private static final List<String> OTHERS = List.of("postgres", "nobody");

  /** Why there are none; empty if there are. */
  static String missing() {
    if (bins().findFirst().isEmpty()) {
      return "no PostgreSQL: initdb, pg_ctl and postgres are neither on PATH nor below " + PACKAGED;
    }
    if (isSuperuser() && (other().isEmpty() || onPath("setpriv").findFirst().isEmpty())) {
      return "PostgreSQL refuses to run as root, and there is no setpriv or no other user";
    }
    return "";
  }

  /**
   * @throws IOException if there are none
   */
  static Programs find() throws IOException {
    String missing = missing();
    if (!missing.isEmpty()) {
      throw new IOException("Expected PostgreSQL, but found " + missing);
    }
    return new Programs(
        bins().findFirst().orElseThrow(), isSuperuser() ? other() : Optional.empty());
  }

  /** A command line for one of them. */
  List<String> command(String program, String... arguments) {
    List<String> command = new ArrayList<>();
    runAs.ifPresent(
        user ->
            command.addAll(
                List.of(
                    "setpriv",
                    "--reuid=" + user,
                    "--regid=" + group(user),
                    "--clear-groups",
                    "--")));
    command.add(bin.resolve(program).toString());
    command.addAll(List.of(arguments));
    return command;
  }

  private static String group(String user) {
    return user.equals("nobody") && Files.exists(Path.of("/etc/debian_version")) ? "nogroup" : user;
  }

  private static boolean isSuperuser() {
    return System.getProperty("user.name").equals("root");
  }

  private static Optional<String> other() {
    return OTHERS.stream().filter(name -> principal(name).isPresent()).findFirst();
  }

  static Optional<UserPrincipal> principal(String user) {
    try {
      return Optional.of(
          FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(user));
    } catch (UserPrincipalNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Directories that hold all of them: that of the one on the path first, then the newest. */
  private static Stream<Path> bins() {
    return Stream.concat(onPath("pg_ctl").map(Path::getParent), packaged())
        .filter(bin -> NEEDED.stream().allMatch(each -> Files.isExecutable(bin.resolve(each))));
  }

  private static Stream<Path> onPath(String program) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .filter(each -> !each.isEmpty())
        .map(each -> Path.of(each, program))
        .filter(Files::isExecutable)
        .map(Programs::real);
  }

  private static Stream<Path> packaged() {
    if (!Files.isDirectory(PACKAGED)) {
      return Stream.empty();
    }
    try (Stream<Path> versions = Files.list(PACKAGED)) {
      return versions
          .sorted(Comparator.reverseOrder())
          .map(each -> each.resolve("bin"))
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Behind links, so that the others are found beside it. */
  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
