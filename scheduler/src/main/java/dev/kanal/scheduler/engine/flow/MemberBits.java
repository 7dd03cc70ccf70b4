package dev.kanal.scheduler.engine.flow;

import dev.kanal.common.binary.BinaryReader;
import dev.kanal.common.binary.BinaryWriter;
import dev.kanal.common.binary.UnreadableException;
import dev.kanal.scheduler.engine.table.Codec;
import org.jspecify.annotations.Nullable;

/**
 * What became of some members of a step, two bits each, and where their jobs live, as far as that
 * does not follow from their numbers. A row is small, since it is written again with each end.
 * Belongs to one decision, or to one reader.
 */
public final class MemberBits {
  /** Members of one row. */
  public static final int SIZE = 512;

  static final Codec<MemberBits> CODEC =
      Codec.of(1, _ -> SIZE / 4 + 8, MemberBits::write, MemberBits::read);

  private final byte[] ends;

  /** Shards and stages, as {@link #setPlace} has them; null if all follow from the numbers. */
  private int @Nullable [] places;

  /** What became of a member. */
  public enum End {
    /** It has not ended. */
    NONE(0),
    SUCCEEDED(1),
    /** It failed by itself. */
    FAILED(2),
    /** It was cancelled, or its time was up. */
    OTHER(3);

    private final int code;

    End(int code) {
      this.code = code;
    }
  }

  private static final End[] ENDS = End.values();

  MemberBits() {
    this(new byte[SIZE / 4]);
  }

  private MemberBits(byte[] ends) {
    this.ends = ends;
  }

  /** The number of the row that a member is in. */
  public static int row(int index) {
    return index / SIZE;
  }

  public End end(int index) {
    int at = index % SIZE;
    return ENDS[(ends[at / 4] >> (2 * (at % 4))) & 0b11];
  }

  void set(int index, End end) {
    int at = index % SIZE;
    int shift = 2 * (at % 4);
    ends[at / 4] = (byte) ((ends[at / 4] & ~(0b11 << shift)) | (end.code << shift));
  }

  /** Where a member's last job lives if that is noted, and its stage; else null. */
  public @Nullable Place place(int index) {
    int place = places == null ? 0 : places[index % SIZE];
    return place == 0 ? null : new Place((place - 1) >> 5, (place - 1) & 0b11111);
  }

  void setPlace(int index, Place place) {
    if (places == null) {
      places = new int[SIZE];
    }
    places[index % SIZE] = (place.shard << 5 | place.stage) + 1;
  }

  /** A shard, and a stage of a chain. */
  public record Place(int shard, int stage) {}

  private static void write(BinaryWriter out, MemberBits bits) {
    int[] places = bits.places;
    out.putBytes(bits.ends).putBoolean(places != null);
    if (places != null) {
      for (int place : places) {
        out.putInt(place);
      }
    }
  }

  private static MemberBits read(BinaryReader in, int version) {
    byte[] ends = in.getBytes();
    if (ends.length != SIZE / 4) {
      throw new UnreadableException("Expected " + SIZE / 4 + " bytes, but found " + ends.length);
    }
    MemberBits bits = new MemberBits(ends);
    if (in.getBoolean()) {
      int[] places = new int[SIZE];
      for (int i = 0; i < SIZE; i++) {
        places[i] = in.getInt();
      }
      bits.places = places;
    }
    return bits;
  }
}
