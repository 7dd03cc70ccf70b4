package dev.kanal.common.template;

import dev.kanal.common.job.JsonBytes;
import java.io.ByteArrayOutputStream;
import java.util.List;

/** JSON while it is put together; belongs to one call. */
final class Bytes {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  void put(byte[] from, int start, int end) {
    out.write(from, start, end - start);
  }

  void put(JsonBytes json) {
    out.write(json.utf8(), 0, json.length());
  }

  int length() {
    return out.size();
  }

  /** What has been put so far; begins again. */
  JsonBytes take() {
    JsonBytes taken = JsonBytes.wrap(out.toByteArray());
    out.reset();
    return taken;
  }

  /** Makes a part of it, if there is something. */
  void flushTo(List<Part> parts) {
    if (out.size() > 0) {
      parts.add(new Part.Text(take()));
    }
  }
}
