#!/bin/sh
# JDK 25: a JVM that is given an AOT cache that it cannot use (made with G1, used with ZGC) goes without the archive of
# classes that the JDK brings and a JVM without the option has, so that the option makes its start slower. Needs a JDK 25.
set -eu
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
bin=${JAVA_HOME:+$JAVA_HOME/bin/}
cat > T.java <<'J'
public class T {
  public static void main(String[] a) {}
}
J
"${bin}javac" T.java
"${bin}jar" cf t.jar T.class
"${bin}java" -XX:+UseG1GC -XX:AOTCacheOutput=t.aot -cp t.jar T >/dev/null 2>&1
shared() {
  "${bin}java" -Xlog:class+load "$@" -cp t.jar T 2>/dev/null | grep -c 'shared objects file' || :
}
without=$(shared -XX:+UseZGC)
unfit=$(shared -XX:+UseZGC -XX:AOTCache=t.aot)
echo "ZGC, classes from an archive: without a cache $([ "$without" -gt 100 ] && echo hundreds), with one made with G1 $unfit"
[ "$without" -gt 100 ] && [ "$unfit" -eq 0 ]
