package dev.kanal.common.template;

/** A document is no template. */
public final class TemplateException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String pointer;
  private final String detail;

  TemplateException(String pointer, String detail) {
    super(detail, null, false, false);
    this.pointer = pointer;
    this.detail = detail;
  }

  /** A JSON pointer to what is wrong in the template; empty for the whole of it. */
  public String pointer() {
    return pointer;
  }

  public String detail() {
    return detail;
  }
}
