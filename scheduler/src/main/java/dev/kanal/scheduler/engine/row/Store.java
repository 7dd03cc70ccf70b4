package dev.kanal.scheduler.engine.row;

import org.apache.kafka.common.utils.Bytes;

/** A shard's one store. Belongs to the shard's thread. */
public interface Store extends Rows {
  void put(Bytes key, byte[] value);

  void delete(Bytes key);
}
