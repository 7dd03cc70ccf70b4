package dev.kanal.standalone;

import dev.kanal.common.access.AccessPage;
import dev.kanal.common.access.Need;
import dev.kanal.common.access.Needs;
import dev.kanal.common.channel.Topics;
import java.util.ArrayList;
import java.util.List;

/** {@code ./kanal acls}: prints the commands that allow Kanal what it needs in Kafka. */
public final class AclsApplication {
  private static final int USAGE_ERROR = 2;
  private static final String USAGE =
      """
      Usage: kanal acls [--scheduler=PRINCIPAL] [--worker=PRINCIPAL] [--prefix=PREFIX]

        Prints a line for kafka-acls.sh for each thing that the role must be allowed, of topics whose names begin
        with PREFIX (kanal unless given). To run them:
          kanal acls --scheduler=User:a --worker=User:b | sh -s -- --bootstrap-server HOST:PORT \
      --command-config admin.properties
      """;

  private AclsApplication() {}

  public static void main(String[] arguments) {
    try {
      lines(List.of(arguments)).forEach(System.out::println);
    } catch (IllegalArgumentException e) {
      System.err.println("kanal: " + e.getMessage());
      System.err.print(USAGE);
      System.exit(USAGE_ERROR);
    }
  }

  /**
   * The commands, one a line.
   *
   * @throws IllegalArgumentException if an argument is not known, or no role has a principal
   */
  static List<String> lines(List<String> arguments) {
    String prefix = "kanal";
    String scheduler = "";
    String worker = "";
    for (String argument : arguments) {
      String value = argument.substring(argument.indexOf('=') + 1);
      switch (argument.substring(0, Math.max(0, argument.indexOf('=')))) {
        case "--prefix" -> prefix = value;
        case "--scheduler" -> scheduler = principal(value);
        case "--worker" -> worker = principal(value);
        default ->
            throw new IllegalArgumentException(
                "Expected --scheduler=, --worker= or --prefix=, but got " + argument);
      }
    }
    if (scheduler.isEmpty() && worker.isEmpty()) {
      throw new IllegalArgumentException("Expected the principal of a role, but got none");
    }
    Topics topics = new Topics(prefix);
    List<String> lines = new ArrayList<>();
    add(lines, scheduler, Needs.ofScheduler(topics));
    add(lines, worker, Needs.ofWorker(topics));
    return lines;
  }

  private static void add(List<String> lines, String principal, List<Need> needs) {
    if (!principal.isEmpty()) {
      needs.forEach(
          need -> lines.add("kafka-acls.sh \"$@\" " + AccessPage.command(need, principal)));
    }
  }

  private static String principal(String text) {
    if (!text.matches("[A-Za-z]+:[^']+")) {
      throw new IllegalArgumentException(
          "Expected a principal such as User:kanal, but got " + text);
    }
    return text;
  }
}
