package dev.kanal.scheduler.api.counts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The newest points of several columns, in arrays that grow as they fill. Belongs to one owner. */
public final class SeriesRing {
  private static final int FIRST = 64;

  private final int capacity;
  private long[] at = new long[FIRST];
  private final float[][] columns;
  private int first;
  private int size;

  SeriesRing(int capacity, int columns) {
    this.capacity = capacity;
    this.columns = new float[columns][FIRST];
  }

  /** The values of all columns at a time. */
  public static final class Row {
    private final long atMs;
    private final float[] values;

    Row(long atMs, float... values) {
      this.atMs = atMs;
      this.values = values;
    }

    public long atMs() {
      return atMs;
    }

    public float value(int column) {
      return values[column];
    }
  }

  void add(Row row) {
    int place = first;
    if (size < capacity) {
      place = size++;
      if (size > at.length) {
        grow(Math.min(capacity, at.length * 2));
      }
    } else {
      first = (first + 1) % capacity;
    }
    at[place] = row.atMs;
    for (int i = 0; i < columns.length; i++) {
      columns[i][place] = row.values[i];
    }
  }

  /** Those that are not older, oldest first. */
  List<Row> since(long fromMs) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      int place = (first + i) % capacity;
      if (at[place] >= fromMs) {
        float[] values = new float[columns.length];
        for (int column = 0; column < values.length; column++) {
          values[column] = columns[column][place];
        }
        rows.add(new Row(at[place], values));
      }
    }
    return rows;
  }

  private void grow(int length) {
    at = Arrays.copyOf(at, length);
    for (int i = 0; i < columns.length; i++) {
      columns[i] = Arrays.copyOf(columns[i], length);
    }
  }
}
