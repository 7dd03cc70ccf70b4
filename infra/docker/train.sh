#!/bin/sh
# Runs some thousand jobs while the image is built, and keeps what the JVM has learnt: train.sh CACHE yes|no
set -eu
cache=$1
[ "$2" = yes ] || { echo "TRAIN=$2: an image without what the JVM learns, slower at first"; exit 0; }

log=/tmp/train.log
class_path=$(sed -n '/^-cp$/{n;p;}' /opt/kanal/train)
KANAL_DATA=/tmp/train KANAL_HTTP_HOST=127.0.0.1 \
  java -Xmx256m -cp "$class_path" dev.kanal.check.train.TrainApplication \
  java -Xmx1g "-XX:AOTCacheOutput=$cache" @/opt/kanal/train up >"$log" 2>&1 || { cat "$log" >&2; exit 1; }
rm -rf /tmp/train
[ -s "$cache" ] || { cat "$log" >&2; exit 1; }
