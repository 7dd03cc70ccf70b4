package dev.kanal.check.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kanal.check.load.JobSource;
import dev.kanal.check.server.Texts;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Jobs that fetch files, in turn, as often as it takes. */
final class FileJobs implements JobSource {
  private final ObjectMapper json = new ObjectMapper();
  private final int size;
  private final String queue;
  private final List<ServedFile> files;
  private final Function<ServedFile, String> url;

  FileJobs(int size, String queue, List<ServedFile> files, Function<ServedFile, String> url) {
    this.size = size;
    this.queue = queue;
    this.files = List.copyOf(files);
    this.url = url;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public byte[] line(int index) {
    ObjectNode job = json.createObjectNode().put("type", "http").put("queue", queue);
    job.putObject("payload").put("url", url.apply(file(index))).put("method", "GET");
    try {
      return (json.writeValueAsString(job) + "\n").getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Expected job " + index + " to be JSON, but it is not", e);
    }
  }

  @Override
  public Optional<String> wrong(int index, JsonNode result) {
    ServedFile file = file(index);
    if (result.path("status").asInt() != 200) {
      return Optional.of(
          "Expected status 200 for %s, but got %s"
              .formatted(file.path(), Texts.shorten(result.toString())));
    }
    Optional<byte[]> bytes = Body.bytes(result.path("body"));
    if (bytes.isEmpty()) {
      return Optional.of(
          "Expected text or base64 for %s, but got %s"
              .formatted(file.path(), Texts.shorten(result.path("body").toString())));
    }
    return ServedFile.digest(bytes.get()).equals(file.digest())
        ? Optional.empty()
        : Optional.of(
            "Expected the bytes of %s, but got %d others"
                .formatted(file.path(), bytes.get().length));
  }

  private ServedFile file(int index) {
    return files.get(index % files.size());
  }
}
