#!/bin/sh
# logback-classic 1.6.6: right after the closing bracket of a composite converter without options, a % is text. The same
# pattern with {} behind the bracket is read as a converter again.
set -eu
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
for jar in ch.qos.logback:logback-classic:1.6.6 ch.qos.logback:logback-core:1.6.6 org.slf4j:slf4j-api:2.0.20; do
  mvn -q -B dependency:copy -Dartifact=$jar -DoutputDirectory=lib
done
cat > T.java <<'J'
import ch.qos.logback.classic.*;
import ch.qos.logback.classic.spi.LoggingEvent;
public class T {
  public static void main(String[] a) {
    for (String pattern : new String[] {"%replace(%msg){'x','y'}%level", "%green(%msg)%level", "%green(%msg){}%level"}) {
      PatternLayout layout = new PatternLayout();
      LoggerContext context = new LoggerContext();
      layout.setContext(context);
      layout.setPattern(pattern);
      layout.start();
      LoggingEvent event = new LoggingEvent("f", context.getLogger("l"), Level.INFO, "text", null, null);
      System.out.println(pattern + " -> " + layout.doLayout(event).replaceAll("\u001b\\[[0-9;]*m", ""));
    }
  }
}
J
javac -cp 'lib/*' T.java
seen=$(java -cp 'lib/*:.' T 2>/dev/null); echo "$seen"
[ "$(echo "$seen" | tr '\n' ';')" = "%replace(%msg){'x','y'}%level -> teytINFO;%green(%msg)%level -> text%level;%green(%msg){}%level -> textINFO;" ]
