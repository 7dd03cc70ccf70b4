package dev.kanal.scheduler.api.node;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The addresses that other nodes of the cluster have. A name is asked for on a thread of its own,
 * and until there is an answer it stands for no address. Usable from any thread; never blocks.
 */
public final class NodeAddresses {
  /** Names that are remembered; beyond, all are asked for again. */
  private static final int NAMES_MAX = 1_000;

  private final Supplier<Set<NodeClient.Node>> others;
  private final Map<String, Set<String>> addresses = new ConcurrentHashMap<>();

  public NodeAddresses(Supplier<Set<NodeClient.Node>> others) {
    this.others = others;
  }

  /** Whether another node that owns shards has this address. */
  public boolean has(String address) {
    return others.get().stream().anyMatch(node -> of(node.host()).contains(address));
  }

  private Set<String> of(String host) {
    Set<String> known = addresses.get(host);
    if (known != null) {
      return known;
    }
    if (addresses.size() >= NAMES_MAX) {
      addresses.clear();
    }
    try {
      Set<String> itself = Set.of(InetAddress.ofLiteral(host).getHostAddress());
      addresses.put(host, itself);
      return itself;
    } catch (IllegalArgumentException e) {
      addresses.put(host, Set.of());
      Thread.ofVirtual().name("kanal-node-name").start(() -> ask(host));
      return Set.of();
    }
  }

  private void ask(String host) {
    try {
      addresses.put(
          host,
          Arrays.stream(InetAddress.getAllByName(host))
              .map(InetAddress::getHostAddress)
              .collect(Collectors.toUnmodifiableSet()));
    } catch (UnknownHostException e) {
      addresses.remove(host);
    }
  }
}
