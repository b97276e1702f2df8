package com.openfaas.function;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.Demo;
import com.openfaas.function.lab.FunctionProcess;
import com.openfaas.function.lab.TestPlatform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What build/demo --keep leaves up, and what it leaves behind. */
@ExtendWith(ClusterExtension.class)
class DemoIT {
  @BeforeAll
  static void onTheLab(TestPlatform platform) {
    Assumptions.assumeTrue(platform.cluster().name.equals("lab"), "the demo shows the lab");
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM", "KILL"})
  @DisplayName("prints the JSON, verify is verified, and no token is left, however it ends")
  void keepsThePlatformUpAndLeavesNothingBehind(String signal, @TempDir Path folder)
      throws IOException, InterruptedException {
    Process demo = demo(folder);
    try {
      String log = untilKept(folder.resolve("log"), demo);
      assertThat(demo.isAlive()).as(log).isTrue();
      String json = Files.readString(folder.resolve("out"));
      assertThat(JsonParser.parseString(json).getAsJsonObject().get("outcome").getAsString())
          .isEqualTo("changed");
      assertThat(verify(log)).contains("verify: verified");
      assertThat(tokens(folder)).isNotEmpty();

      ProcessHandle function = function(demo);
      new ProcessBuilder("kill", "-" + signal, String.valueOf(demo.pid())).start().waitFor();
      if (signal.equals("KILL")) {
        // Nobody else is left to end it.
        function.destroyForcibly();
      }

      Awaitility.await("the function has ended")
          .atMost(Duration.ofMinutes(5))
          .until(() -> !function.isAlive());
      Awaitility.await("no token in " + folder)
          .atMost(Duration.ofMinutes(5))
          .until(() -> tokens(folder), List::isEmpty);
    } finally {
      demo.destroy();
      // It takes itself down when nobody is left, in a folder that goes with this test.
      Awaitility.await("the lab is taken down")
          .atMost(Duration.ofMinutes(5))
          .until(() -> labs(folder), List::isEmpty);
    }
  }

  @Test
  @DisplayName("what is missing is told, with the command that installs it on Debian and Ubuntu")
  void saysWhatIsMissing() throws IOException, InterruptedException {
    ProcessBuilder bare = new ProcessBuilder("/bin/bash", "-c", ". ../build/requirements");
    bare.environment().keySet().removeAll(List.of("JAVA_HOME", "no_lab"));
    bare.environment().put("PATH", "/nowhere");
    Process shell = bare.redirectErrorStream(true).start();

    String told = new String(shell.getInputStream().readAllBytes(), UTF_8);

    assertThat(shell.waitFor()).as(told).isEqualTo(1);
    assertThat(told)
        .contains("missing: a JDK", "missing: Maven", "missing: Go 1.26")
        .endsWith(
            "on Debian and Ubuntu: sudo apt-get install default-jdk-headless maven golang-go\n");
  }

  private static Process demo(Path folder) throws IOException {
    ProcessBuilder builder =
        // A shell's background job, as this test may be, ignores SIGINT and would pass that on.
        new ProcessBuilder(
            "env",
            "--default-signal=INT",
            FunctionProcess.java(),
            "-Djava.io.tmpdir=" + folder,
            "-cp",
            System.getProperty("java.class.path"),
            Demo.class.getName(),
            "--keep");
    builder.environment().put("TMPDIR", folder.toString());
    builder.redirectError(folder.resolve("log").toFile());
    builder.redirectOutput(folder.resolve("out").toFile());
    return builder.start();
  }

  private static String untilKept(Path log, Process demo) {
    return Awaitility.await("the demo is through")
        .atMost(Duration.ofMinutes(5))
        .until(() -> Files.readString(log), t -> t.contains("get pods -A") || !demo.isAlive());
  }

  /** Its only child is a JVM; the lab is no child of anybody. */
  private static ProcessHandle function(Process demo) {
    return demo.children()
        .filter(child -> child.info().command().orElse("").endsWith("/java"))
        .findFirst()
        .orElseThrow();
  }

  private static String verify(String log) throws IOException, InterruptedException {
    String url = log.replaceAll("(?s).*mTLS of its edges: curl '([^']*)'.*", "$1");
    HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString(UTF_8)).body();
  }

  private static List<Path> labs(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("mesh-lab."))
          .collect(Collectors.toList());
    }
  }

  private static List<Path> tokens(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.getFileName().toString().equals("token"))
          .collect(Collectors.toList());
    } catch (UncheckedIOException e) {
      // A folder went away while it was read: look again.
      return List.of(folder);
    }
  }
}
