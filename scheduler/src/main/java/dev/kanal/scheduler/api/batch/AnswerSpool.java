package dev.kanal.scheduler.api.batch;

import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers on their way to a client that may not read yet: first in memory, then in a temporary
 * file, both bounded. In order: what the file holds is older than what memory holds. Belongs to the
 * event loop of its request.
 */
public final class AnswerSpool {
  private static final Logger LOG = LoggerFactory.getLogger(AnswerSpool.class);
  private static final int READ_SIZE = 128 * 1024;

  private final Vertx vertx;
  private final Context loop;
  private final HttpServerResponse response;
  private final BatchBudget budget;
  private final Bounds bounds;
  private final Runnable onRoom;

  private final ArrayDeque<Buffer> memory = new ArrayDeque<>();
  private long inMemory;
  private @Nullable AsyncFile file;
  private long written;
  private long read;
  private long reserved;
  private boolean busy;
  private boolean fileBroken;
  private boolean ending;
  private boolean over;

  /**
   * @param onRoom called when a full spool has room again, perhaps once too often
   */
  AnswerSpool(Vertx vertx, HttpServerResponse response, BatchBudget budget, Runnable onRoom) {
    this.vertx = vertx;
    this.loop = vertx.getOrCreateContext();
    this.response = response;
    this.budget = budget;
    this.bounds = budget.bounds();
    this.onRoom = onRoom;
    response.drainHandler(_ -> pump());
  }

  /** How many bytes may wait in memory and on disk. */
  public record Bounds(long memory, long file) {
    public static final Bounds DEFAULT = new Bounds(1L << 20, 256L << 20);
  }

  void add(Buffer answers) {
    if (!over) {
      memory.add(answers);
      inMemory += answers.length();
      pump();
    }
  }

  /** Whether no more should be asked for now. */
  boolean isFull() {
    return inMemory > 2 * bounds.memory;
  }

  /** Ends the response once everything is sent. */
  void end() {
    ending = true;
    pump();
  }

  /** Nobody will read any more. */
  void abandon() {
    over = true;
    memory.clear();
    inMemory = 0;
    if (!busy) {
      closeFile();
    }
  }

  private void pump() {
    if (over || busy) {
      return;
    }
    boolean wasFull = isFull();
    send();
    if (!busy && inMemory > bounds.memory) {
      spill();
    }
    if (ending && !busy && memory.isEmpty() && read == written) {
      over = true;
      closeFile();
      var _ = response.end();
    }
    if (wasFull && !isFull()) {
      onRoom.run();
    }
  }

  private void send() {
    while (!response.writeQueueFull()) {
      if (read < written) {
        fetch();
        return;
      }
      Buffer next = memory.poll();
      if (next == null) {
        return;
      }
      inMemory -= next.length();
      var _ = response.write(next);
    }
  }

  private void fetch() {
    AsyncFile from = file;
    if (from == null) {
      throw new IllegalStateException("Expected a file to read from, but there is none");
    }
    busy = true;
    int size = (int) Math.min(READ_SIZE, written - read);
    from.read(Buffer.buffer(size), 0, read, size)
        .onComplete(done -> loop.runOnContext(_ -> fetched(size, done)));
  }

  private void fetched(int size, AsyncResult<Buffer> done) {
    busy = false;
    if (done.failed()) {
      lose(done.cause());
    } else if (!over) {
      read += size;
      var _ = response.write(done.result());
    }
    proceed();
  }

  /** Moves what memory holds to the end of the file. */
  private void spill() {
    if (read == written) {
      read = 0;
      written = 0;
    }
    long more = Math.max(0, written + inMemory - reserved);
    if (fileBroken || written + inMemory > bounds.file || !budget.takeSpool(more)) {
      return;
    }
    reserved += more;
    Buffer batch = Buffer.buffer((int) inMemory);
    memory.forEach(batch::appendBuffer);
    memory.clear();
    busy = true;
    opened()
        .compose(open -> open.write(batch, written))
        .onComplete(done -> loop.runOnContext(_ -> spilled(batch, done)));
  }

  private void spilled(Buffer batch, AsyncResult<Void> done) {
    busy = false;
    if (done.succeeded()) {
      written += batch.length();
      inMemory -= batch.length();
    } else {
      LOG.warn("Answers of a bulk request cannot be spooled to disk", done.cause());
      fileBroken = true;
      memory.addFirst(batch);
    }
    proceed();
  }

  private void proceed() {
    if (over) {
      closeFile();
      return;
    }
    pump();
    onRoom.run();
  }

  private Future<AsyncFile> opened() {
    AsyncFile open = file;
    if (open != null) {
      return Future.succeededFuture(open);
    }
    return vertx
        .fileSystem()
        .createTempFile("kanal-bulk-", ".answers")
        .compose(
            path ->
                vertx
                    .fileSystem()
                    .open(path, new OpenOptions().setRead(true).setDeleteOnClose(true)))
        .onSuccess(opened -> file = opened);
  }

  /** Answers that cannot be read back: the client must not take what follows for the next. */
  private void lose(Throwable failure) {
    LOG.warn("Spooled answers of a bulk request cannot be read; its connection is closed", failure);
    abandon();
    var _ = response.reset();
  }

  private void closeFile() {
    budget.giveSpool(reserved);
    reserved = 0;
    AsyncFile open = file;
    file = null;
    if (open != null) {
      var _ = open.close();
    }
  }
}
