package com.openfaas.function.bench;

import com.openfaas.function.lab.Cluster;
import com.openfaas.function.lab.ClusterChoice;
import com.openfaas.function.lab.TestPlatform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Measures the sections it is asked for, and prints them as Markdown. Started by build/bench. */
public final class Bench {
  private static final Path DOCUMENT = Paths.get("docs/benchmarks.md");
  private static final List<String> SECTIONS =
      List.of("cold-start", "first-apply", "no-change", "memory", "callers", "size");

  private final Goals goals = new Goals();
  private final StringBuilder text = new StringBuilder();
  private final List<String> sections;
  private final List<Integer> sizes;

  private Bench(List<String> sections, List<Integer> sizes) {
    this.sections = sections;
    this.sizes = sizes;
  }

  /** Only a bench of everything writes the document. */
  public static void main(String[] arguments) throws Exception {
    List<Integer> sizes =
        Arrays.stream(arguments)
            .filter(word -> word.matches("\\d+"))
            .map(Integer::valueOf)
            .sorted()
            .collect(Collectors.toList());
    List<String> sections = new ArrayList<>(List.of(arguments));
    sections.removeIf(word -> word.matches("\\d+"));
    if (!SECTIONS.containsAll(sections)) {
      System.err.println("bench: sections are " + String.join(", ", SECTIONS));
      System.exit(2);
    }
    Bench bench = new Bench(sections.isEmpty() ? SECTIONS : sections, sizes);
    String document = bench.measure();
    System.out.print(document);
    if (arguments.length == 0) {
      Files.writeString(DOCUMENT, document);
    }
    System.exit(0);
  }

  private String measure() throws Exception {
    Image image = Image.lay();
    String machine;
    try (Cluster cluster = ClusterChoice.find()) {
      machine = machine(cluster);
      if (sections.contains("cold-start")) {
        coldStart(image, cluster);
      }
      if (sections.contains("first-apply")) {
        firstApply(image, cluster);
      }
      if (sections.contains("no-change")) {
        noChange(image, cluster);
      }
      if (sections.contains("memory")) {
        say("memory");
        section(
            "Memory, in stack.yml's heap",
            new Memory(image, goals).measure(cluster, sizesOr(500, 1000)));
      }
      if (sections.contains("callers")) {
        section("Many callers", new ManyCallers(image).measure(cluster, sizesOr(50, 500)));
      }
    }
    if (sections.contains("size")) {
      section("Size", Sizes.measure(image));
    }
    return "# Benchmarks\n\nWritten by `build/bench`. "
        + machine
        + "\n\n"
        + (goals.any() ? goals + "\n" : "")
        + text.toString().strip().replaceAll("\n{3,}", "\n\n")
        + "\n";
  }

  private void coldStart(Image image, Cluster cluster) throws Exception {
    say("cold start");
    try (TestPlatform platform = TestPlatform.create(cluster, "cold")) {
      platform.installWithLinkerd();
      section(
          "Cold start, to the first answer of `status`; median of 10",
          new ColdStart(platform.functionEnvironment()).measure(image, goals));
    }
  }

  private void firstApply(Image image, Cluster cluster) throws Exception {
    say("first apply");
    FirstApply first = new FirstApply(image, goals);
    section(
        "First apply, one call: a whole platform on the mesh, and the gateway confirmed",
        first.measure(cluster, sizesOr(50, 200, 500)));
    text.append(
        "The floor: the same annotations sent by 8 parallel connections, and no check of anything."
            + " The loops: the real kubectl, `patch` or `rollout restart`, then `rollout status`."
            + " The gateway, which follows every pod, is there for all four."
            + growth("s", first.seconds()));
  }

  private void noChange(Image image, Cluster cluster) throws Exception {
    say("no-change apply");
    NoChange none = new NoChange(image, goals);
    section(
        "No-change apply: everything is meshed already",
        none.measure(cluster, sizesOr(50, 200, 500, 1000)));
    text.append((growth("s", none.seconds()) + growth("KiB", none.kibibytes())).strip());
  }

  private static String growth(String unit, Map<Integer, Double> points) {
    if (points.size() < 2) {
      return "";
    }
    Line line = Line.through(points);
    return String.format(
        Locale.ROOT,
        " Each function costs %.4f %s, the rest %.2f %s, by least squares.",
        line.slope,
        unit,
        line.start,
        unit);
  }

  private List<Integer> sizesOr(Integer... usual) {
    return sizes.isEmpty() ? List.of(usual) : sizes;
  }

  private void section(String title, Table table) {
    text.append("\n\n## ").append(title).append("\n\n").append(table).append('\n');
    // At once: a bench that is cut off has shown what it has measured.
    System.err.println("\n## " + title + "\n\n" + table);
  }

  private static String machine(Cluster cluster) {
    try (var admin = cluster.client()) {
      return String.format(
          Locale.ROOT,
          "%s, Java %s, Kubernetes %s on %s, %d cores.",
          LocalDate.now(ZoneOffset.UTC),
          System.getProperty("java.version"),
          admin.getKubernetesVersion().getGitVersion(),
          cluster.name,
          Runtime.getRuntime().availableProcessors());
    }
  }

  private static void say(String line) {
    System.err.println("bench: " + line);
  }
}
