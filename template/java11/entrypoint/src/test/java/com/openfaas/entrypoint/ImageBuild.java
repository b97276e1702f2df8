package com.openfaas.entrypoint;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Carries out a Dockerfile without Docker: every stage from a base image has a folder for its root,
 * in which the stages that go on from it go on. COPY, WORKDIR and ENV do what they do in Docker,
 * and so does RUN, on this machine and below that folder; what needs the base images (their files,
 * their users, of-watchdog) is passed over. An instruction that is not known fails.
 */
final class ImageBuild {

  private static final Pattern VARIABLE = Pattern.compile("(\\w+)=(?:\"([^\"]*)\"|(\\S+))");
  private static final int MINUTES_PER_RUN = 15;

  private final Path context;
  private final Path stages;
  private final Map<String, String> environment = new HashMap<>();
  private final Map<String, Path> roots = new HashMap<>();
  private Path root;
  private Path workFolder;

  private ImageBuild(Path context, Path stages) {
    this.context = context;
    this.stages = stages;
  }

  /** Builds the image from a context that holds its Dockerfile; stages are put below a folder. */
  static ImageBuild of(Path context, Path stages) throws IOException, InterruptedException {
    ImageBuild image = new ImageBuild(context, stages);
    String text = Files.readString(context.resolve("Dockerfile")).replaceAll("\\\\\n", " ");
    for (String line : text.split("\n", -1)) {
      if (!line.isBlank() && !line.startsWith("#")) {
        String[] words = line.strip().split("\\s+", 2);
        image.carryOut(words[0], words[1]);
      }
    }
    return image;
  }

  /** The folder that is {@code /} in the image. */
  Path root() {
    return root;
  }

  Map<String, String> environment() {
    return environment;
  }

  private void carryOut(String instruction, String rest) throws IOException, InterruptedException {
    switch (instruction) {
      case "FROM":
        from(rest);
        break;
      case "WORKDIR":
        workFolder = Files.createDirectories(resolve(rest));
        break;
      case "COPY":
        copy(new ArrayList<>(List.of(rest.split("\\s+", -1))));
        break;
      case "RUN":
        run(rest);
        break;
      case "ENV":
        Matcher variable = VARIABLE.matcher(rest);
        while (variable.find()) {
          environment.put(
              variable.group(1), variable.group(2) == null ? variable.group(3) : variable.group(2));
        }
        break;
      default:
        if (!List.of("ARG", "USER", "EXPOSE", "HEALTHCHECK", "CMD").contains(instruction)) {
          throw new IllegalArgumentException("Not known here: " + instruction);
        }
    }
  }

  /** An archive of classes holds only where it was made, so a stage stays in its base's folder. */
  private void from(String rest) throws IOException {
    String[] words = rest.split("\\s+", -1);
    String name = words.length == 3 ? words[2] : "image";
    boolean goesOn = roots.containsKey(words[0]);
    root = goesOn ? roots.get(words[0]) : Files.createDirectories(stages.resolve(name));
    roots.put(name, root);
    if (!goesOn) {
      workFolder = root;
    }
    environment.clear();
  }

  private void copy(List<String> words) throws IOException {
    Path source = context;
    if (words.get(0).startsWith("--from=")) {
      String stage = words.remove(0).substring("--from=".length());
      if (stage.equals("watchdog")) {
        return;
      }
      source = roots.get(stage);
    }
    String target = words.remove(words.size() - 1);
    for (String each : words) {
      copy(source.resolve(each.replaceFirst("^/", "")), target);
    }
  }

  private void copy(Path source, String target) throws IOException {
    if (source.equals(resolve(target).normalize())) {
      return;
    }
    if (Files.isDirectory(source)) {
      BuildContext.copy(source, resolve(target), path -> false);
      return;
    }
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> matching =
        Files.newDirectoryStream(source.getParent(), source.getFileName().toString())) {
      matching.forEach(files::add);
    }
    if (files.isEmpty() || !target.endsWith("/")) {
      throw new IllegalArgumentException("Cannot copy " + source + " to " + target);
    }
    for (Path file : files) {
      Path folder = Files.createDirectories(resolve(target));
      Files.copy(file, folder.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private void run(String command) throws IOException, InterruptedException {
    if (command.startsWith("groupadd ")) {
      return;
    }
    Path log = Files.createTempFile(stages, "run", ".log");
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-c", command)
            .directory(workFolder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    // The Maven and the Java that run this test, be there others on the path or not.
    String ours = System.getProperty("maven.home") + "/bin:" + System.getProperty("java.home");
    builder.environment().merge("PATH", ours + "/bin", (path, first) -> first + ":" + path);
    Process process = builder.start();
    boolean ended = process.waitFor(MINUTES_PER_RUN, TimeUnit.MINUTES);
    if (!ended || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new AssertionError(command + "\n" + Files.readString(log));
    }
  }

  private Path resolve(String path) {
    return path.startsWith("/") ? root.resolve(path.substring(1)) : workFolder.resolve(path);
  }
}
