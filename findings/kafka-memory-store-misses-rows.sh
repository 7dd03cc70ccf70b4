#!/bin/sh
# kafka-streams 4.3.1: a range over the key-value store in memory, read by another thread than the one that writes, leaves
# out rows that were there before the range began and stay there: nothing is thrown, the read looks whole. All methods of
# the store are synchronized and a range copies its keys, but its iterator asks the sorted map once more, without the lock,
# whether each key is still there. Interactive queries read from other threads just so. The store on disk misses none.
set -eu
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
for jar in org.apache.kafka:kafka-streams:4.3.1 org.apache.kafka:kafka-clients:4.3.1 org.slf4j:slf4j-api:1.7.36; do
  mvn -q -B dependency:copy -Dartifact=$jar -DoutputDirectory=lib
done
cat > T.java <<'J'
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.*;
public class T {
  static volatile int written;
  static volatile boolean over;
  public static void main(String[] a) throws Exception {
    int ranges = 0, short_ = 0;
    long end = System.nanoTime() + 60_000_000_000L;
    while (short_ == 0 && System.nanoTime() < end) {
      KeyValueStore<Bytes, byte[]> store = Stores.inMemoryKeyValueStore("rows").get();
      written = 0;
      over = false;
      Thread writer = new Thread(() -> {
        for (int i = 0; i < 3000; i++) {
          store.put(key(i), new byte[1]);
          written = i + 1;
        }
        over = true;
      });
      writer.start();
      while (!over) {
        int known = written, seen = 0;
        if (known == 0) {
          continue;
        }
        try (KeyValueIterator<Bytes, byte[]> rows = store.range(key(0), key(known - 1))) {
          while (rows.hasNext()) {
            rows.next();
            seen++;
          }
        }
        ranges++;
        if (seen < known) {
          short_++;
        }
      }
      writer.join();
    }
    System.err.println(ranges + " ranges, " + short_ + " short");
    System.out.println(short_ > 0 ? "rows missing, nothing thrown" : "no row missing");
  }
  static Bytes key(int i) {
    return Bytes.wrap(String.format("%05d", i).getBytes());
  }
}
J
javac -cp 'lib/*' T.java
seen=$(java -cp 'lib/*:.' T); echo "$seen"
[ "$seen" = "rows missing, nothing thrown" ]
