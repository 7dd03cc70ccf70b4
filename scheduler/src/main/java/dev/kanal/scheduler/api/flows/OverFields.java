package dev.kanal.scheduler.api.flows;

import com.fasterxml.jackson.core.JsonToken;
import dev.kanal.common.flow.Over;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.scheduler.api.json.FieldReader;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a map goes over, while it is read. Belongs to the map. */
final class OverFields {
  private static final String EXPECTED = "an array, a reference to one, range or stream";

  private final FlowJson json;
  private final FieldReader fields;
  private @Nullable JsonBytes items;
  private boolean rangeSeen;
  private boolean streamSeen;
  private boolean otherSeen;
  private @Nullable Long from;
  private @Nullable Long to;
  private @Nullable Long by;
  private @Nullable Duration idle;

  /**
   * @param json at the value
   */
  OverFields(FlowJson json) {
    this.json = json;
    this.fields = json.fields();
  }

  void read() throws IOException {
    JsonToken token = json.token();
    if (token == JsonToken.START_ARRAY) {
      items = json.value();
    } else if (token == JsonToken.START_OBJECT) {
      int start = json.here();
      fields.object("", EXPECTED, this::readField);
      if (!rangeSeen && !streamSeen) {
        items = json.since(start);
      }
    } else {
      fields.wrongType("", EXPECTED);
    }
  }

  /** What is neither of both makes a template, which is looked at later. */
  private boolean readField(String name) throws IOException {
    switch (name) {
      case "range" -> {
        rangeSeen = true;
        fields.object("/range", "from, to, by", this::readRange);
      }
      case "stream" -> {
        streamSeen = true;
        fields.object("/stream", "idle", this::readStream);
      }
      default -> {
        otherSeen = true;
        json.skip();
      }
    }
    return true;
  }

  private boolean readRange(String name) throws IOException {
    switch (name) {
      case "from" -> from = fields.wholeNumber("/range/from", Long.MIN_VALUE, Long.MAX_VALUE);
      case "to" -> to = fields.wholeNumber("/range/to", Long.MIN_VALUE, Long.MAX_VALUE);
      case "by" -> by = fields.wholeNumber("/range/by", 1L, Long.MAX_VALUE);
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean readStream(String name) throws IOException {
    if (!name.equals("idle")) {
      return false;
    }
    idle = fields.duration("/stream/idle", Over.Stream.IDLE_MIN, Over.Stream.IDLE_MAX);
    return true;
  }

  /** The source; null if it has mistakes, which are noted. */
  @Nullable Over finish() {
    if ((rangeSeen && streamSeen) || (otherSeen && (rangeSeen || streamSeen))) {
      fields.refuse("", "Expected " + EXPECTED + ", but got several");
    } else if (rangeSeen) {
      return range();
    } else if (streamSeen) {
      return new Over.Stream(idle == null ? Over.Stream.IDLE_DEFAULT : idle);
    } else if (items != null) {
      return new Over.Items(items);
    }
    return null;
  }

  private @Nullable Over range() {
    if (to == null) {
      fields.refuse("/range/to", "Expected to, but it is missing or no number");
      return null;
    }
    try {
      return new Over.Range(from == null ? 0 : from, to, by == null ? 1 : by);
    } catch (IllegalArgumentException e) {
      fields.refuse("/range", String.valueOf(e.getMessage()));
      return null;
    }
  }
}
