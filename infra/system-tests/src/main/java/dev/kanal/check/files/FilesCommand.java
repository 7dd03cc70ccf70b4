package dev.kanal.check.files;

import dev.kanal.check.load.Awaiter;
import dev.kanal.check.load.Progress;
import dev.kanal.check.load.Submission;
import dev.kanal.check.load.Submitter;
import dev.kanal.check.promise.Promise;
import dev.kanal.check.promise.Verdict;
import dev.kanal.check.server.Console;
import dev.kanal.check.server.LoadOptions;
import dev.kanal.check.server.ServerOptions;
import dev.kanal.check.server.Session;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code check files}. */
@Command(
    name = "files",
    description = "Serves a directory on loopback, has http jobs fetch its files, compares bytes.",
    mixinStandardHelpOptions = true)
public final class FilesCommand implements Callable<Integer> {
  static final int MOST_JOBS = 100_000;
  private static final int CHUNK_LINES = 100;

  @Mixin private ServerOptions options = new ServerOptions();
  @Mixin private LoadOptions load = new LoadOptions(500, MOST_JOBS);

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "Directory to serve (default: this one); hidden ones in it are left out.")
  private Path directory = Path.of(".");

  @Override
  public Integer call() throws InterruptedException {
    int jobs = load.jobs();
    List<ServedFile> files = new FileChoice(directory.toAbsolutePath().normalize()).choose();
    Console console = options.console();
    try (Session session = Session.open(options, console);
        FileServer server = FileServer.start(files)) {
      console.say(
          "serving %s files of %s"
              .formatted(Console.count(Math.min(jobs, files.size())), directory));
      FileJobs source = new FileJobs(jobs, load.queue(), files, server::url);
      return check(session, source, server).passed() ? 0 : 1;
    }
  }

  private static Verdict check(Session session, FileJobs source, FileServer server)
      throws InterruptedException {
    Console console = session.console();
    Submission submission = new Submitter(session, source, CHUNK_LINES).run(1);
    List<Promise> promises = new ArrayList<>(submission.promises());
    Awaiter awaiter = new Awaiter(session, source, submission.accepted());
    try (Progress _ =
        Progress.start(
            console, () -> "checked %d of %d jobs".formatted(awaiter.done(), source.size()))) {
      promises.addAll(awaiter.run());
    }
    Verdict verdict = new Verdict(promises, List.of());
    verdict.table().forEach(console::say);
    console.say(
        "files asked for %s times, resubmitted %s"
            .formatted(Console.count(server.requests()), Console.count(submission.resubmitted())));
    console.say(verdict.conclusion());
    return verdict;
  }
}
