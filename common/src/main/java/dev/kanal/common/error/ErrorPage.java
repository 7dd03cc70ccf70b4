package dev.kanal.common.error;

import java.util.Locale;

/** Renders {@code docs/ERRORS.md}. */
final class ErrorPage {
  private static final String HEAD =
      """
      # Errors

      Errors of the API are `application/problem+json` (RFC 9457); `type` is `urn:kanal:problem:`
      and one of these codes. The list is closed: codes are part of the contract. *Send again* says
      whether the same request may succeed later and cannot be done twice by that.

      This page is made from the code.

      | code | status | about | send again | title | what to do |
      |---|---|---|---|---|---|
      """;

  private ErrorPage() {}

  static String render() {
    StringBuilder page = new StringBuilder(HEAD);
    for (ErrorCode code : ErrorCode.values()) {
      page.append("| `")
          .append(code.code())
          .append("` | ")
          .append(code.status())
          .append(" | ")
          .append(code.category().name().toLowerCase(Locale.ROOT))
          .append(" | ")
          .append(code.retryable() ? "yes" : "no")
          .append(" | ")
          .append(code.title())
          .append(" | ")
          .append(code.remedy())
          .append(" |\n");
    }
    return page.toString();
  }
}
