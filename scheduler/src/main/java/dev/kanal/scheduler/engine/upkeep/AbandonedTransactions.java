package dev.kanal.scheduler.engine.upkeep;

import dev.kanal.common.upkeep.Housekeeper;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends transactions that killed nodes left open. A node that takes their shards over cannot read
 * the state behind an open transaction, and would wait for it to time out.
 *
 * <p>A transaction is abandoned if its process is not in the engine's group any more: what it did
 * would be refused anyway. Kafka Streams names both after the process: members {@code
 * <application>-<process>-StreamThread-<n>-consumer}, transactions {@code
 * <application>-<process>-<n>}.
 */
public final class AbandonedTransactions {
  private static final Logger log = LoggerFactory.getLogger(AbandonedTransactions.class);
  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final String PROCESS = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";

  private final Admin admin;
  private final String application;
  private final BooleanSupplier wanted;
  private final Pattern member;
  private final Pattern transaction;

  /**
   * @param application of Kafka Streams, which is also the group
   * @param wanted whether to look now; asked often
   */
  public AbandonedTransactions(Admin admin, String application, BooleanSupplier wanted) {
    this.admin = admin;
    this.application = application;
    this.wanted = wanted;
    String process = Pattern.quote(application + "-") + "(" + PROCESS + ")";
    this.member = Pattern.compile(process + "-StreamThread-\\d+-consumer");
    this.transaction = Pattern.compile(process + "-\\d+");
  }

  public Housekeeper housekeeper() {
    return new Housekeeper(
        "kanal-transactions", "end abandoned transactions", EVERY, this::lookIfWanted);
  }

  /** Ends those that are there now; completes with their names. */
  CompletionStage<List<String>> end() {
    // The members are asked for later: who has a transaction open now, and lives, is one then.
    var open = new ListTransactionsOptions().filterStates(Set.of(TransactionState.ONGOING));
    return admin
        .listTransactions(open)
        .all()
        .toCompletionStage()
        .thenCompose(listed -> members().thenApply(members -> abandoned(listed, members)))
        .thenCompose(this::fence);
  }

  private CompletionStage<Collection<MemberDescription>> members() {
    return admin
        .describeConsumerGroups(List.of(application))
        .all()
        .toCompletionStage()
        .thenApply(
            groups -> groups.values().stream().flatMap(group -> group.members().stream()).toList());
  }

  /** None if a member has another kind of name: then it is not known whose they are. */
  private List<String> abandoned(
      Collection<TransactionListing> open, Collection<MemberDescription> members) {
    List<Matcher> names = members.stream().map(one -> member.matcher(one.clientId())).toList();
    if (names.isEmpty() || !names.stream().allMatch(Matcher::matches)) {
      return List.of();
    }
    Set<String> living = names.stream().map(name -> name.group(1)).collect(Collectors.toSet());
    return open.stream()
        .map(listing -> transaction.matcher(listing.transactionalId()))
        .filter(name -> name.matches() && !living.contains(name.group(1)))
        .map(Matcher::group)
        .toList();
  }

  private CompletionStage<List<String>> fence(List<String> abandoned) {
    return admin.fenceProducers(abandoned).all().toCompletionStage().thenApply(_ -> abandoned);
  }

  private void lookIfWanted() {
    if (wanted.getAsBoolean()) {
      var _ =
          end()
              .whenComplete(
                  (ended, failure) -> {
                    if (failure != null) {
                      log.debug("Expected to look for abandoned transactions", failure);
                    } else if (!ended.isEmpty()) {
                      log.info("Ended what nodes that are gone had begun: {}", ended);
                    }
                  });
    }
  }
}
