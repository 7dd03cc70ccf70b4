package dev.kanal.common.config;

/** Renders {@code docs/CONFIGURATION.md}. */
final class ConfigurationPage {
  private static final String HEAD =
      """
      # Configuration

      Settings come from, in this order, later ones winning: defaults, a file (`--config=FILE` or
      `KANAL_CONFIG`, lines of `key = value`), the environment (`KANAL_` and the key in capitals,
      with `_` for dots and dashes), the command line (`--key=value`). Unknown keys and values out
      of bounds stop the start. Each process says at its start
      which settings are not defaults. *Reloadable* ones can be changed while a process runs.

      Durations are ISO-8601 (`PT5S`) or `250ms`, `30s`, `5m`, `2h`, `1d`; sizes are `512B`,
      `256KiB`, `64MiB`, `2GiB`.

      This page is made from the code.
      """;

  private static final String TAIL =
      """

      ## Kafka clients

      Kafka's own settings are passed through: `kafka.common.*` to every client, `kafka.producer.*`,
      `kafka.consumer.*`, `kafka.streams.*` and `kafka.admin.*` to clients of a kind, for instance
      `kafka.common.security.protocol` or `KANAL_KAFKA_COMMON_SECURITY_PROTOCOL`. Those on which
      Kanal's guarantees rest are refused.

      ## OpenTelemetry

      Where traces and metrics are sent is set by the standard variables: `OTEL_EXPORTER_OTLP_ENDPOINT`
      (none: nothing is sent), `OTEL_EXPORTER_OTLP_PROTOCOL` (`http/protobuf` unless set),
      `OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_TRACES_SAMPLER`, `OTEL_SERVICE_NAME`,
      `OTEL_RESOURCE_ATTRIBUTES` and the rest. [TELEMETRY.md](TELEMETRY.md) lists what is sent.
      """;

  private ConfigurationPage() {}

  static String render() {
    StringBuilder page = new StringBuilder(HEAD);
    for (Concern concern : Concern.values()) {
      page.append("\n## ").append(concern.title()).append("\n\n");
      page.append("| key | environment | type | default | bounds | reloadable | meaning |\n");
      page.append("|---|---|---|---|---|---|---|\n");
      concern.settings().forEach(setting -> page.append(row(setting)));
    }
    return page.append(TAIL).toString();
  }

  private static String row(Setting<?> setting) {
    String byDefault = setting.defaultText();
    return String.format(
        "| `%s` | `%s` | %s | %s | %s | %s | %s |\n",
        setting.key(),
        setting.environmentName(),
        setting.kind(),
        byDefault.isEmpty() ? "" : "`" + byDefault + "`",
        setting.bounds().isEmpty() ? "" : setting.bounds().replace("|", "\\|"),
        setting.traits().reloadable() ? "yes" : "no",
        setting.meaning());
  }
}
