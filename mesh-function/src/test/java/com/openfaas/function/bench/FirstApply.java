package com.openfaas.function.bench;

import com.openfaas.function.bench.Container.Answer;
import com.openfaas.function.lab.Cluster;
import com.openfaas.function.lab.TestPlatform;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;

/**
 * A whole platform put on the mesh, until the last rollout is through: by a first apply, and in
 * turn by what a user would do without mesh-setup. The others roll out the same Deployments once
 * more, with the same injection, so each replaces every pod once.
 */
final class FirstApply {
  private static final int CONNECTIONS = 8;

  private final Image image;
  private final Goals goals;
  private final Table table =
      new Table(
          "functions",
          "apply, s",
          "floor, s",
          "ratio",
          "kubectl patch loop, s",
          "kubectl rollout restart, s",
          "API requests",
          "peak memory, MiB");
  private final Map<Integer, Double> seconds = new TreeMap<>();

  FirstApply(Image image, Goals goals) {
    this.image = image;
    this.goals = goals;
  }

  Table measure(Cluster cluster, List<Integer> sizes) throws IOException, InterruptedException {
    for (int size : sizes) {
      try (TestPlatform platform = TestPlatform.create(cluster, "")) {
        platform.installOpenFaas();
        platform.scaleFunctions(size);
        platform.linkerd().install();
        platform.awaitSettled(Duration.ofMinutes(10));
        measure(platform, size);
      }
      awaitGone(cluster);
    }
    return table;
  }

  Map<Integer, Double> seconds() {
    return seconds;
  }

  private void measure(TestPlatform platform, int size) throws IOException, InterruptedException {
    Targets targets;
    double ours;
    double memory;
    int requests;
    try (Container function = Container.start(image, platform.functionEnvironment())) {
      long began = System.nanoTime();
      Answer answer = function.call("POST", "");
      if (!answer.outcome().equals("changed")) {
        throw new IllegalStateException(answer.report.toString());
      }
      targets = Targets.changedIn(answer.report, platform.admin());
      targets.awaitRolledOut();
      ours = (System.nanoTime() - began) / 1e9;
      requests = answer.apiRequests();
      memory = function.peakMebibytes();
    }
    seconds.put(size, ours);
    List<Double> others = others(platform, targets);
    table.row(
        size,
        number(ours),
        number(others.get(0)),
        String.format(Locale.ROOT, "%.2f", ours / others.get(0)),
        number(others.get(1)),
        number(others.get(2)),
        requests,
        String.format(Locale.ROOT, "%.0f", memory));
    if (size == 500) {
      goals.atMost(1.15, ours / others.get(0), "x the floor", "first apply at 500");
      goals.atMost(1, ours / others.get(1), "x kubectl patch in a loop", "first apply at 500");
      goals.atMost(1, ours / others.get(2), "x rollout restart", "first apply at 500");
      goals.atMost(128, memory, "MiB", "peak memory of a first apply at 500");
    }
  }

  /** The floor, the loop of patches, the restart; in seconds. */
  private static List<Double> others(TestPlatform platform, Targets targets)
      throws IOException, InterruptedException {
    Kubectl kubectl = kubectl(platform);
    List<Work> others =
        List.of(
            () -> {
              targets.patch(patch("floor"), CONNECTIONS);
              targets.awaitRolledOut();
            },
            () -> kubectl.patchOneByOne(targets, patch("loop")),
            () -> kubectl.restart(targets));
    List<Double> seconds = new ArrayList<>();
    for (Work other : others) {
      platform.awaitSettled();
      long began = System.nanoTime();
      other.run();
      seconds.add((System.nanoTime() - began) / 1e9);
    }
    return seconds;
  }

  /** The annotation that asks for a proxy, and one that makes the template another. */
  private static String patch(String variant) {
    return "{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{"
        + "\"linkerd.io/inject\":\"enabled\",\"bench/variant\":\""
        + variant
        + "\"}}}}}";
  }

  private static Kubectl kubectl(TestPlatform platform) {
    Path binary = Paths.get(System.getProperty("bench.kubectl"));
    return new Kubectl(binary, platform.cluster().admin.getFile().toPath());
  }

  private static String number(double seconds) {
    return String.format(Locale.ROOT, "%.1f", seconds);
  }

  /** What the last platform leaves behind must not slow the next one down. */
  private static void awaitGone(Cluster cluster) {
    try (var admin = cluster.client()) {
      Awaitility.await("the last platform is gone")
          .atMost(Duration.ofMinutes(5))
          .until(() -> admin.namespaces().withName("openfaas-fn").get() == null);
    }
  }

  /** What is timed. */
  private interface Work {
    void run() throws IOException, InterruptedException;
  }
}
