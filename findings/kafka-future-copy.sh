#!/bin/sh
# kafka-clients 4.3.1: not only the CompletableFuture of an admin call cannot be completed by the caller, but neither its
# copy() nor any stage made of it, so that orTimeout ends none of them; one of one's own, completed by whenComplete, can be.
set -eu
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
for jar in org.apache.kafka:kafka-clients:4.3.1 org.slf4j:slf4j-api:1.7.36; do
  mvn -q -B dependency:copy -Dartifact=$jar -DoutputDirectory=lib
done
cat > T.java <<'J'
import java.util.concurrent.*;
import org.apache.kafka.common.internals.KafkaFutureImpl;
public class T {
  public static void main(String[] a) {
    CompletableFuture<String> future = new KafkaFutureImpl<String>().toCompletionStage().toCompletableFuture();
    say("copy", future.copy());
    say("thenApply", future.thenApply(x -> x));
    CompletableFuture<String> own = new CompletableFuture<>();
    future.whenComplete((value, failure) -> own.complete(value));
    say("own", own);
  }
  static void say(String how, CompletableFuture<String> future) {
    try {
      future.complete("x");
      System.out.println(how + ": completed");
    } catch (UnsupportedOperationException e) {
      System.out.println(how + ": " + e.getClass().getSimpleName());
    }
  }
}
J
javac -cp 'lib/*' T.java
seen=$(java -cp 'lib/*:.' T 2>/dev/null); echo "$seen"
[ "$(echo "$seen" | tr '\n' ';')" = "copy: UnsupportedOperationException;thenApply: UnsupportedOperationException;own: completed;" ]
