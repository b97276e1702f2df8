package com.openfaas.entrypoint;

import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Does, without Docker, what {@code faas-cli build} and the Dockerfile do, then runs the image's
 * process. That the base images fit is not shown here.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class ImageBuildIT {

  private static final Path MODULE = Path.of(System.getProperty("basedir")).toAbsolutePath();
  private static final Path TEMPLATE = MODULE.getParent();

  /** The launcher of java reads options from it, before those of its command. */
  private static final String OPTIONS = "JDK_JAVA_OPTIONS";

  @TempDir Path folder;

  @Test
  void startsTheStarter() throws Exception {
    ImageBuild image = build(TEMPLATE.resolve("function"));

    answersAndEnds(
        image,
        answer -> {
          assertThat(answer.statusCode()).isEqualTo(200);
          assertThat(answer.body()).isEqualTo("Hello, image build!\n");
        });
  }

  @Test
  @DisplayName(
      "a starter whose handler was changed and which has no test, as faas-cli new leaves it")
  void startsAStarterAfterItsFirstEdit() throws Exception {
    Path edited = folder.resolve("edited");
    BuildContext.copy(TEMPLATE.resolve("function"), edited, path -> path.endsWith("target"));
    Path handler = edited.resolve("src/main/java/com/openfaas/function/Handler.java");
    Files.writeString(handler, Files.readString(handler).replace("Hello, ", "Good morning, "));

    answersAndEnds(
        build(edited),
        answer -> assertThat(answer.body()).isEqualTo("Good morning, image build!\n"));
  }

  @Test
  @DisplayName("options of the JVM from the function's jvm.options, with comments and line ends")
  void startsWithTheFunctionsOwnOptions() throws Exception {
    Path told = folder.resolve("told");
    BuildContext.copy(TEMPLATE.resolve("function"), told, path -> path.endsWith("target"));
    Path handler = told.resolve("src/main/java/com/openfaas/function/Handler.java");
    Files.writeString(
        handler,
        Files.readString(handler).replace("\"Hello, \"", "System.getProperty(\"greeting\")"));
    Files.writeString(
        told.resolve("jvm.options"), "# what it says\n-Xmx24m\n-Dgreeting=\"Good evening, \"\n");

    answersAndEnds(
        build(told), answer -> assertThat(answer.body()).isEqualTo("Good evening, image build!\n"));
  }

  @Test
  @DisplayName("without a training class, the image build neither builds nor calls the handler")
  void leavesTheHandlerAloneInTraining() throws Exception {
    Path loud = folder.resolve("loud");
    BuildContext.copy(TEMPLATE.resolve("function"), loud, path -> path.endsWith("target"));
    Path handler = loud.resolve("src/main/java/com/openfaas/function/Handler.java");
    Path trace = folder.resolve("trace");
    String built =
        "public Handler() throws java.io.IOException { java.nio.file.Files.createFile("
            + "java.nio.file.Path.of(\""
            + trace
            + "\")); }\n";
    Files.writeString(
        handler, Files.readString(handler).replaceFirst("AbstractHandler \\{", "$0\n" + built));

    ImageBuild image = build(loud);

    assertThat(trace).doesNotExist();
    answersAndEnds(image, answer -> assertThat(trace).exists());
  }

  @Test
  @DisplayName("mesh-function, which brings a pom.xml and dependencies of its own")
  void startsMeshFunction() throws Exception {
    Path meshFunction = TEMPLATE.resolve("../../mesh-function").normalize();
    assumeTrue(
        Files.exists(meshFunction.resolve("src/main/java/com/openfaas/function/Handler.java")),
        () -> meshFunction + " has no Handler: the image would hold the starter's");
    ImageBuild image = build(meshFunction);

    // "image build" is no action of it: whatever it thinks of that, it has to say so itself.
    answersAndEnds(
        image,
        answer -> {
          assertThat(answer.statusCode()).isNotIn(502, 503);
          assertThat(answer.body()).isNotEmpty().doesNotContain("Hello", "The function failed");
        });
  }

  @Test
  void letsNoStaleBuildIntoTheImage() throws Exception {
    Path context = folder.resolve("context");
    Path sent = folder.resolve("sent");
    BuildContext.shrinkWrap(TEMPLATE, TEMPLATE.resolve("function"), context);
    for (String module : List.of("entrypoint", "function")) {
      Files.createDirectories(context.resolve(module).resolve("target"));
      Files.writeString(context.resolve(module).resolve("target/stale.jar"), "stale");
    }

    BuildContext.send(context, sent);

    try (Stream<Path> files = Files.walk(sent)) {
      assertThat(files.map(Path::toString).filter(each -> each.contains("target"))).isEmpty();
    }
    assertThat(sent.resolve("function/src/main/java/com/openfaas/function/Handler.java")).exists();
  }

  private ImageBuild build(Path handler) throws IOException, InterruptedException {
    Path context = folder.resolve("context");
    Path sent = folder.resolve("sent");
    BuildContext.shrinkWrap(TEMPLATE, handler, context);
    BuildContext.send(context, sent);
    ImageBuild image = ImageBuild.of(sent, folder.resolve("stages"));
    try (Stream<Path> jars = Files.list(image.root().resolve("home/app/function"))) {
      assertThat(jars).hasSize(1);
    }
    return image;
  }

  private static void answersAndEnds(ImageBuild image, Check check) throws Exception {
    assertThat(image.environment())
        .containsEntry("mode", "http")
        .containsEntry("upstream_url", "http://127.0.0.1:" + Settings.from(Map.of()).port);
    try (FunctionProcess process =
        FunctionProcess.start(
            command(image), Map.of(OPTIONS, options(image) + " " + archiveOrNothing(image)))) {
      check.of(post(process.address()));
      process.terminate();
      assertThat(process.exitCode()).isZero();
    }
  }

  /** Where java can start from what training left, it has to: else it ends at once. */
  private static String archiveOrNothing(ImageBuild image) {
    Path archive = image.root().resolve("home/app/archive");
    int java = Runtime.version().feature();
    assertThat(Files.exists(archive.resolve("app.aot"))).isEqualTo(java >= 25);
    assertThat(Files.exists(archive.resolve("classes.jsa"))).isEqualTo(java >= 13 && java < 25);
    return java >= 25 ? "-XX:AOTMode=on" : java >= 13 ? "-Xshare:on" : "";
  }

  /** What the image sets, where it is here. */
  private static String options(ImageBuild image) {
    String app = image.root().resolve("home/app").toString();
    return image.environment().getOrDefault(OPTIONS, "").replace("/home/app", app);
  }

  /** of-watchdog's way with {@code fprocess}: divided at blanks, no shell. */
  private static List<String> command(ImageBuild image) {
    String app = image.root().resolve("home/app").toString();
    return Arrays.stream(image.environment().get("fprocess").split(" ", -1))
        .map(word -> word.equals("java") ? FunctionProcess.java() : word.replace("/home/app", app))
        .collect(toList());
  }

  private static HttpResponse<String> post(URI address) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(address).POST(BodyPublishers.ofString("image build")).build(),
            BodyHandlers.ofString());
  }

  private interface Check {
    void of(HttpResponse<String> answer);
  }
}
