package dev.kanal.check.server;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** More servers of the same system. */
public final class PeerOptions {
  @Option(
      names = "--peer",
      paramLabel = "URL",
      description = "Address of another scheduler of the same system; may be given several times.")
  private List<URI> peers = List.of();

  /** The server of the options, and its peers. */
  public List<URI> with(ServerOptions options) {
    List<URI> all = new ArrayList<>(List.of(options.url()));
    all.addAll(peers);
    return all;
  }
}
