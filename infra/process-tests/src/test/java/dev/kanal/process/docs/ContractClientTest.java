package dev.kanal.process.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kanal.process.kit.Program;
import dev.kanal.process.kit.Programs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A client that is generated from the contract by third-party tools, and type-checked. */
final class ContractClientTest {
  private static final Duration INSTALL = Duration.ofMinutes(3);
  private static final Duration RUN = Duration.ofMinutes(2);
  private static final String BIN = "./node_modules/.bin/";

  private static final String CLIENT =
      """
      import type { paths, components } from './kanal';

      type Submit =
        paths['/v1/jobs']['post']['requestBody']['content']['application/json'];
      type Job = components['schemas']['Job'];

      const submit: Submit = { type: 'echo', payload: { a: 1 }, queue: 'mail', delay: 'PT5S' };
      // @ts-expect-error -- a type is needed
      const typeless: Submit = { payload: 1 };

      export async function run(base: string): Promise<Job['state']> {
        const answer = await fetch(base + '/v1/jobs', {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify(submit ?? typeless),
        });
        const job = (await answer.json()) as Job;
        const fraction: number | undefined = job.progress?.fraction;
        const tick: string | undefined = job.schedule?.tick;
        return fraction === undefined && tick === undefined ? job.state : 'RUNNING';
      }
      """;

  @TempDir private Path directory;
  @RegisterExtension private final Programs programs = new Programs();

  @Test
  void shouldLoadEverywhere_andMakeAClientThatTypeChecks() throws Exception {
    assumeTrue(
        onPath("npm"), "npm is not installed, which brings the tools that read the contract");
    Files.writeString(directory.resolve("package.json"), "{\"private\":true}");
    Program install =
        shell(
            "npm install --no-audit --no-fund --ignore-scripts"
                + " js-yaml@4.1.0 openapi-typescript@7.13.0 typescript@5.9.3");
    assumeTrue(
        install.awaitExit(INSTALL) == 0,
        () -> "npm cannot install the tools that read the contract: " + install.printed());
    copyContract();
    Files.writeString(directory.resolve("client.ts"), CLIENT);

    succeeds(BIN + "js-yaml openapi.yaml");
    succeeds(BIN + "openapi-typescript openapi.yaml -o kanal.ts --default-non-nullable false");
    succeeds(BIN + "tsc --noEmit --strict --target es2022 --module esnext client.ts");
  }

  private void succeeds(String line) throws Exception {
    Program tool = shell(line);
    assertEquals(0, tool.awaitExit(RUN), tool::printed);
  }

  private Program shell(String line) throws IOException {
    return programs.shell("cd '" + directory + "' && " + line);
  }

  private void copyContract() throws IOException {
    try (InputStream contract = ContractClientTest.class.getResourceAsStream("/openapi.yaml")) {
      Files.copy(Objects.requireNonNull(contract), directory.resolve("openapi.yaml"));
    }
  }

  private static boolean onPath(String program) {
    String path = System.getenv().getOrDefault("PATH", "");
    return Arrays.stream(path.split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
