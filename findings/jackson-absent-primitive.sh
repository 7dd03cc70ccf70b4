#!/bin/sh
# jackson-databind 2.22.4: FAIL_ON_NULL_FOR_PRIMITIVES refuses a record whose primitive component is absent, and takes a
# class whose primitive field is absent; and 200 for a byte is read as -56 without a word.
set -eu
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
for jar in com.fasterxml.jackson.core:jackson-databind:2.22.4 com.fasterxml.jackson.core:jackson-core:2.22.4 \
  com.fasterxml.jackson.core:jackson-annotations:2.22; do
  mvn -q -B dependency:copy -Dartifact=$jar -DoutputDirectory=lib
done
cat > T.java <<'J'
import com.fasterxml.jackson.databind.*;
public class T {
  public record R(int count) {}
  public static class C { public int count; }
  public record B(byte small) {}
  public static void main(String[] a) throws Exception {
    ObjectMapper json = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);
    System.out.println("class: " + json.readValue("{}", C.class).count);
    try {
      System.out.println("record: " + json.readValue("{}", R.class).count());
    } catch (JsonMappingException e) {
      System.out.println("record: " + e.getClass().getSimpleName());
    }
    System.out.println("byte: " + json.readValue("{\"small\":200}", B.class).small());
  }
}
J
javac -cp 'lib/*' T.java
seen=$(java -cp 'lib/*:.' T 2>/dev/null); echo "$seen"
[ "$(echo "$seen" | tr '\n' ';')" = "class: 0;record: MismatchedInputException;byte: -56;" ]
