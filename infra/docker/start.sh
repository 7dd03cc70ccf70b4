#!/bin/sh
# Starts a role of the image: start ROLE ARGUMENT... It uses the cache that was trained when the image was built, if
# there is one and the JVM can use it. A JVM that cannot (another collector or kind of heap, by JDK_JAVA_OPTIONS or the
# available memory) would also lose its own class archive, so another JVM tries the cache first; but not with agents or
# recordings, which would run twice, or wait for a debugger.
set -eu
home=$(dirname "$0")
cache=$home/trained/kanal.aot
agent=
case "${JDK_JAVA_OPTIONS:-} ${JAVA_TOOL_OPTIONS:-}" in
  *-agentlib:* | *-agentpath:* | *-javaagent:* | *-Xrun* | *StartFlightRecording*) agent=1 ;;
esac
if [ -s "$cache" ] && [ -n "$agent" ]; then
  echo "kanal: the image's cache is not used with the agent or recording in the options of the JVM" >&2
elif [ -s "$cache" ]; then
  # -Xms, as it holds objects for which the heap that a JVM begins with in a small container has no room.
  offer="-Xms48m -XX:AOTCache=$cache -Xlog:aot*=off -Xlog:cds*=off"
  # All but the last line, which is the program.
  # shellcheck disable=SC2046,SC2086
  if refusal=$(java $offer $(sed '$d' "$home/run") -XX:AOTMode=on -version 2>&1); then
    # shellcheck disable=SC2086
    exec java $offer "@$home/run" "$@"
  fi
  case $refusal in
    *AOT*) echo "kanal: the image's cache does not fit these options of the JVM or this memory, so it starts without" >&2 ;;
  esac
fi
exec java "@$home/run" "$@"
