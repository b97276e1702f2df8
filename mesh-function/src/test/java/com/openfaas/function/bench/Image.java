package com.openfaas.function.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.openfaas.function.lab.FunctionProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The function's folder of the image, laid out below target as the template's Dockerfile does it,
 * and the commands of the Dockerfile that need nothing else.
 */
final class Image {
  private static final Path TEMPLATE = Paths.get("../template/java11");
  private static final Pattern START = Pattern.compile("ENV fprocess=\"([^\"]+)\"");

  private final Path app = Paths.get("target/image/home/app").toAbsolutePath();
  private final String dockerfile;

  private Image(String dockerfile) {
    this.dockerfile = dockerfile;
  }

  /** From what build/bench has built. */
  static Image lay() throws IOException, InterruptedException {
    Image image = new Image(Files.readString(TEMPLATE.resolve("Dockerfile")).replace("\\\n", " "));
    image.copy("entrypoint", TEMPLATE.resolve("entrypoint/target"), "entrypoint.jar");
    image.copy("entrypoint", TEMPLATE.resolve("entrypoint/target/lib"), "*.jar");
    image.copy("lib", Paths.get("target/dependency"), "*.jar");
    image.copy("function", Paths.get("target"), "*.jar");
    Files.createSymbolicLink(
        image.app.resolve("training"), Paths.get("target/test-classes").toAbsolutePath());
    image.run();
    return image;
  }

  /** The class path, and the archive of classes. */
  private void run() throws IOException, InterruptedException {
    Matcher step = Pattern.compile("RUN (.*java\\.args.*)").matcher(dockerfile);
    while (step.find()) {
      ProcessBuilder builder = new ProcessBuilder("sh", "-c", step.group(1));
      builder.directory(app.toFile()).redirectErrorStream(true);
      String java = Paths.get(FunctionProcess.java()).getParent().toString();
      builder.environment().merge("PATH", java, (path, first) -> first + ":" + path);
      Process process = builder.start();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      if (process.waitFor() != 0 || output.contains("ended early")) {
        throw new IllegalStateException(step.group(1) + "\n" + output);
      }
    }
  }

  /** What of-watchdog starts. */
  List<String> command() {
    Matcher start = START.matcher(dockerfile);
    if (!start.find()) {
      throw new IllegalStateException("the Dockerfile sets no fprocess");
    }
    return words(start.group(1));
  }

  /** The same jars under OpenFaaS' own entrypoint, without any flag. */
  List<String> upstreamCommand() {
    String classpath =
        String.join(
            ":", FunctionProcess.UPSTREAM + "/*", app.resolve("function/*") + ":" + app + "/lib/*");
    return List.of(FunctionProcess.java(), "-cp", classpath, "com.openfaas.entrypoint.App");
  }

  /** Bytes by folder of the image: each is a layer of its own. */
  Map<String, Long> layers() throws IOException {
    Map<String, Long> layers = new TreeMap<>();
    try (Stream<Path> files = Files.walk(app)) {
      for (Path file : files.filter(Files::isRegularFile).collect(Collectors.toList())) {
        layers.merge(app.relativize(file).getName(0).toString(), Files.size(file), Long::sum);
      }
    }
    return layers;
  }

  private List<String> words(String command) {
    return Arrays.stream(command.split(" ", -1))
        .map(word -> word.equals("java") ? FunctionProcess.java() : inPlace(word))
        .collect(Collectors.toList());
  }

  private String inPlace(String text) {
    return text.replace("/home/app", app.toString());
  }

  private void copy(String into, Path from, String glob) throws IOException {
    Path folder = Files.createDirectories(app.resolve(into));
    try (var files = Files.newDirectoryStream(from, glob)) {
      for (Path file : files) {
        Path copy = folder.resolve(file.getFileName());
        Files.deleteIfExists(copy);
        Files.copy(file, copy);
      }
    }
  }
}
