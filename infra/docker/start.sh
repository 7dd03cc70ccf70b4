#!/bin/sh
# Starts a role of the image, with what the JVM learnt when the image was built if there is that and the JVM can use
# it: start ROLE ARGUMENT... One that is offered it in vain (another collector or kind of heap, by JDK_JAVA_OPTIONS or
# the memory that there is) would go without the archive of classes that it brings itself, too. A JVM of its own tells:
# not with agents or recordings, which would run twice, or wait for a debugger.
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
