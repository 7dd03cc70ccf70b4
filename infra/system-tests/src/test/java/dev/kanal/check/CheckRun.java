package dev.kanal.check;

import java.io.PrintWriter;
import java.io.StringWriter;

/** One run of the command line, and its output. */
record CheckRun(int status, String out, String err) {
  static CheckRun of(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status = CheckApplication.run(new PrintWriter(out), new PrintWriter(err), args);
    return new CheckRun(status, out.toString(), err.toString());
  }

  String lastLine() {
    return out.lines().reduce("", (_, line) -> line);
  }
}
