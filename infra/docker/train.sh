#!/bin/sh
# Runs some thousand jobs while the image is built, and keeps what the JVM has learnt: train.sh CACHE yes|no
set -eu
cache=$1
[ "$2" = yes ] || { echo "TRAIN=$2: an image without what the JVM learns, slower at first"; exit 0; }

log=/tmp/train.log
KANAL_DATA=/tmp/train KANAL_HTTP_HOST=127.0.0.1 java -Xmx1g "-XX:AOTCacheOutput=$cache" @/opt/kanal/train up >"$log" 2>&1 &
trainee=$!
until grep -q '^Kanal is ready' "$log"; do
  kill -0 "$trainee" 2>/dev/null || { cat "$log" >&2; exit 1; }
  sleep 0.2
done
java -Xmx256m @/opt/kanal/train check --jobs 20000 >>"$log" 2>&1 || { cat "$log" >&2; exit 1; }
kill "$trainee"
wait "$trainee" || :
rm -rf /tmp/train
[ -s "$cache" ] || { cat "$log" >&2; exit 1; }
