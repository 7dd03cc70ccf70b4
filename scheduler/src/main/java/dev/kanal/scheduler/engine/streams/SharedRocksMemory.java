package dev.kanal.scheduler.engine.streams;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.WriteBufferManager;

/** One block cache and one bound on write buffers for all shards of the process. */
public final class SharedRocksMemory implements RocksDBConfigSetter {
  private static final long CACHE_BYTES = 96L << 20;
  private static final long WRITE_BUFFERS_BYTES = 48L << 20;
  private static final long WRITE_BUFFER_BYTES = 8L << 20;
  private static final int BLOOM_BITS = 10;

  private static final Cache CACHE = new LRUCache(CACHE_BYTES);
  private static final WriteBufferManager WRITE_BUFFERS =
      new WriteBufferManager(WRITE_BUFFERS_BYTES, CACHE);

  /** For Kafka Streams, which makes one for each store. */
  public SharedRocksMemory() {}

  @Override
  public void setConfig(String store, Options options, Map<String, Object> configs) {
    BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
    table.setBlockCache(CACHE);
    table.setCacheIndexAndFilterBlocks(true);
    table.setPinL0FilterAndIndexBlocksInCache(true);
    table.setFilterPolicy(new BloomFilter(BLOOM_BITS));
    options.setWriteBufferManager(WRITE_BUFFERS);
    options.setWriteBufferSize(WRITE_BUFFER_BYTES);
    options.setMaxWriteBufferNumber(2);
    options.setTableFormatConfig(table);
  }

  @Override
  public void close(String store, Options options) {}
}
