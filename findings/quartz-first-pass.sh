#!/bin/sh
# quartz 2.5.2: every quarter of an hour leaves the first pass of a repeated hour out: silent from 01:45+02:00 to 02:00+01:00.
set -eu
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
mvn -q -B dependency:copy -Dartifact=org.quartz-scheduler:quartz:2.5.2 -DoutputDirectory=lib
mvn -q -B dependency:copy -Dartifact=org.slf4j:slf4j-api:2.0.16 -DoutputDirectory=lib
cat > T.java <<'J'
import java.time.*; import java.util.*;
public class T {
  public static void main(String[] a) throws Exception {
    var cron = new org.quartz.CronExpression("0 */15 * * * ?"); ZoneId zone = ZoneId.of("Europe/Berlin"); cron.setTimeZone(TimeZone.getTimeZone(zone));
    Date at = Date.from(Instant.parse("2026-10-24T23:40:00Z"));
    for (int i = 0; i < 3; i++) { at = cron.getNextValidTimeAfter(at); System.out.println(at.toInstant()); }
  }
}
J
javac -cp 'lib/*' T.java
seen=$(java -cp 'lib/*:.' T 2>/dev/null); echo "$seen"
[ "$(echo "$seen" | tr '\n' ' ')" = "2026-10-24T23:45:00Z 2026-10-25T01:00:00Z 2026-10-25T01:15:00Z " ]
