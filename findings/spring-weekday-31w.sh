#!/bin/sh
# spring-context 7.0.10, CronExpression: 31W leaves out May, whose 31st is a Sunday (2026-05-29 is the nearest weekday).
set -eu
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
mvn -q -B dependency:copy -Dartifact=org.springframework:spring-context:7.0.10 -DoutputDirectory=lib
mvn -q -B dependency:copy -Dartifact=org.springframework:spring-core:7.0.10 -DoutputDirectory=lib
cat > T.java <<'J'
import java.time.*;
import org.springframework.scheduling.support.CronExpression;
public class T {
  public static void main(String[] a) {
    var cron = CronExpression.parse("0 0 0 31W * *");
    ZonedDateTime at = ZonedDateTime.of(2026, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < 4; i++) { at = cron.next(at); out.append(at.toLocalDate()).append(' '); }
    System.out.println("31W: " + out.toString().trim());
  }
}
J
javac -cp 'lib/*' T.java
seen=$(java -cp 'lib/*:.' T 2>/dev/null); echo "$seen"
[ "$seen" = "31W: 2026-01-30 2026-03-31 2026-07-31 2026-08-31" ]
