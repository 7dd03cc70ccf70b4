package dev.kanal.check.mixed;

import dev.kanal.check.mix.Kind;
import dev.kanal.check.server.HumanDuration;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of the mixed check. */
public final class MixedOptions {
  private static final Duration OVER = Duration.ofSeconds(20);
  private static final Duration PER_KILL = Duration.ofSeconds(15);

  @Option(
      names = "--mixed",
      description = {
        "Instead of sums: jobs of every kind (delays, retries, keys, limits, cancels, deadlines,"
            + " schedules) that call this check, which looks at every promise."
      })
  private boolean mixed;

  @Option(
      names = "--over",
      paramLabel = "TIME",
      converter = HumanDuration.class,
      description =
          "With --mixed: how long submitting takes (default: 20s, 15s more for each kill).")
  private @Nullable Duration over;

  @Option(
      names = "--kinds",
      paramLabel = "KIND",
      split = ",",
      converter = KindName.class,
      description = "With --mixed: only jobs of these kinds, such as plain,retried,keyed.")
  private List<Kind> kinds = List.of();

  /** Whether the mixed check is asked for. */
  public boolean mixed() {
    return mixed;
  }

  /**
   * @param kills how many processes are killed meanwhile; each makes the check longer
   */
  public MixedPlan plan(int jobs, long seed, int kills) {
    Set<Kind> chosen = kinds.isEmpty() ? EnumSet.allOf(Kind.class) : EnumSet.copyOf(kinds);
    return new MixedPlan(
        jobs,
        seed,
        over == null ? OVER.plus(PER_KILL.multipliedBy(kills)) : over,
        chosen,
        kills > 0);
  }

  /** Reads kinds by their names. */
  static final class KindName implements ITypeConverter<Kind> {
    @Override
    public Kind convert(String value) {
      for (Kind kind : Kind.values()) {
        if (kind.text().equals(value.toLowerCase(Locale.ROOT))) {
          return kind;
        }
      }
      throw new TypeConversionException(
          "Expected one of %s, but got '%s'"
              .formatted(EnumSet.allOf(Kind.class).stream().map(Kind::text).toList(), value));
    }
  }
}
