package dev.kanal.scheduler.engine.streams;

import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** Makes each shard's {@link RowBuffer}: in front of RocksDB, with a changelog. */
final class RowBufferBuilder implements StoreBuilder<RowBuffer> {
  private final StoreBuilder<KeyValueStore<Bytes, byte[]>> behind;
  private final long capacityBytes;

  /**
   * @param capacityBytes of each shard's changes
   */
  RowBufferBuilder(String name, long capacityBytes) {
    this.capacityBytes = capacityBytes;
    this.behind =
        Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(name), Serdes.Bytes(), Serdes.ByteArray())
            .withCachingDisabled();
  }

  @Override
  public RowBuffer build() {
    return new RowBuffer(behind.build(), capacityBytes);
  }

  @Override
  public StoreBuilder<RowBuffer> withCachingEnabled() {
    throw new UnsupportedOperationException("the buffer is the cache");
  }

  @Override
  public StoreBuilder<RowBuffer> withCachingDisabled() {
    throw new UnsupportedOperationException("the buffer is the cache");
  }

  @Override
  public StoreBuilder<RowBuffer> withLoggingEnabled(Map<String, String> config) {
    behind.withLoggingEnabled(config);
    return this;
  }

  @Override
  public StoreBuilder<RowBuffer> withLoggingDisabled() {
    throw new UnsupportedOperationException("a shard moves by its changelog");
  }

  @Override
  public Map<String, String> logConfig() {
    return behind.logConfig();
  }

  @Override
  public boolean loggingEnabled() {
    return behind.loggingEnabled();
  }

  @Override
  public String name() {
    return behind.name();
  }
}
