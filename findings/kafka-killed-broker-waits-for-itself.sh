#!/bin/sh
# Kafka 4.3.1, broker and controller in one process, default settings: a broker that was killed opens its port some seven
# seconds later than one that was stopped in good order, also if it is started long after its session of 9 s has ended: the
# controller, which was killed with it, counts sessions from its own start, and refuses the new process as long as the old
# one might still live.
set -eu
dir=$(mktemp -d); trap 'kill -9 $(cat pid) 2>/dev/null || true; rm -rf "$dir"' EXIT; cd "$dir"
cat > pom.xml <<'X'
<project><modelVersion>4.0.0</modelVersion><groupId>a</groupId><artifactId>a</artifactId><version>1</version>
<dependencies><dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>4.3.1</version></dependency></dependencies></project>
X
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib
cat > server.properties <<X
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:19485
controller.listener.names=C
listeners=B://127.0.0.1:19484,C://127.0.0.1:19485
listener.security.protocol.map=B:PLAINTEXT,C:PLAINTEXT
inter.broker.listener.name=B
log.dirs=$dir/data
X
cat > T.java <<'J'
import java.net.*;
public class T {
  public static void main(String[] a) throws Exception {
    long begun = System.nanoTime();
    while (true) {
      try (Socket s = new Socket("127.0.0.1", 19484)) { break; } catch (java.io.IOException e) { Thread.sleep(50); }
    }
    long took = (System.nanoTime() - begun) / 1_000_000;
    System.err.println(a[0] + ": listens after " + took + " ms");
    System.out.println(took);
  }
}
J
java -cp 'lib/*' kafka.tools.StorageTool format -t AAAAAAAAAAAAAAAAAAAAAQ -c server.properties >/dev/null 2>&1
start() { java -Xmx512m -cp 'lib/*' kafka.Kafka server.properties >/dev/null 2>&1 & echo $! > pid; java -cp 'lib/*' T.java "$1"; }
start new >/dev/null
broker=$(cat pid); kill $broker; while kill -0 $broker 2>/dev/null; do sleep 1; done
sleep 15
stopped=$(start stopped)
broker=$(cat pid); kill -9 $broker
sleep 15
killed=$(start killed)
[ $((killed - stopped)) -gt 5000 ]
