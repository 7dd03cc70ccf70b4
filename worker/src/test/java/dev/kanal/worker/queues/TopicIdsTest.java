package dev.kanal.worker.queues;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kanal.common.channel.Channel;
import dev.kanal.common.channel.Topics;
import dev.kanal.common.job.Priority;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.TopicListing;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

final class TopicIdsTest {
  private static final Channel A = new Channel("a", Priority.NORMAL);
  private static final Channel B = new Channel("b", Priority.HIGH);
  private static final Map<Channel, Set<String>> BOTH = Map.of(A, Set.of("own"), B, Set.of());

  private final Topics topics = new Topics("k");
  private final TopicIds ids = new TopicIds(topics);

  @Test
  void shouldKnowTopicsThatWereMadeAgain_andOnlyOnce() {
    assertEquals(Set.of(), ids.madeAgain(BOTH, listed(1, 1, 1)));
    assertEquals(Set.of(), ids.madeAgain(BOTH, listed(1, 1, 1)));
    assertEquals(Set.of(A), ids.madeAgain(BOTH, listed(2, 1, 1)));
    assertEquals(Set.of(), ids.madeAgain(BOTH, listed(2, 1, 1)));
    assertEquals(Set.of(A, B), ids.madeAgain(BOTH, listed(2, 2, 2)));
  }

  @Test
  void shouldForgetTopicsThatAreGone() {
    ids.madeAgain(BOTH, listed(1, 1, 1));
    ids.madeAgain(Map.of(B, Set.of()), listed(1, 1, 1));
    assertEquals(Set.of(), ids.madeAgain(BOTH, listed(2, 2, 1)));
  }

  private Map<String, TopicListing> listed(int a, int own, int b) {
    String ofA = topics.tasks("a", Priority.NORMAL);
    String ofB = topics.tasks("b", Priority.HIGH);
    return Map.of(ofA, listing(ofA, a), "own", listing("own", own), ofB, listing(ofB, b));
  }

  private static TopicListing listing(String name, int id) {
    return new TopicListing(name, new Uuid(0, id), false);
  }
}
