package com.openfaas.function.bench;

import com.openfaas.function.bench.Container.Answer;
import com.openfaas.function.lab.Cluster;
import com.openfaas.function.lab.FakeGateway;
import com.openfaas.function.lab.Settled;
import com.openfaas.function.lab.TestPlatform;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;

/**
 * A whole platform put on the mesh, until the last rollout is through and the gateway's change is
 * confirmed: by one call of a first apply, and in turn by what a user would do without mesh-setup.
 * The others roll out the same Deployments once more, with the same injection, so each replaces
 * every pod once.
 */
final class FirstApply {
  private static final int CONNECTIONS = 8;

  private final Image image;
  private final Goals goals;
  private final Table table =
      new Table(
          "functions",
          "answer, s",
          "of it confirming, s",
          "meshed and confirmed, s",
          "without the confirming, s",
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
        platform.addFunctions(1, size);
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

  /** The gateway is there for each way: it follows every pod, which costs the API server. */
  private void measure(TestPlatform platform, int size) throws IOException, InterruptedException {
    try (FakeGateway gateway = FakeGateway.before(platform)) {
      gateway.awaitServing("nodeinfo", "mesh-setup");
      measure(platform, gateway, size);
    }
  }

  private void measure(TestPlatform platform, FakeGateway gateway, int size)
      throws IOException, InterruptedException {
    Applied applied = apply(platform, gateway);
    double ours = applied.whole - applied.confirming;
    double memory = applied.memory;
    seconds.put(size, ours);
    List<Double> others = others(platform, applied.targets);
    table.row(
        size,
        number(applied.answered),
        number(applied.confirming),
        number(applied.whole),
        number(ours),
        number(others.get(0)),
        String.format(Locale.ROOT, "%.2f", ours / others.get(0)),
        number(others.get(1)),
        number(others.get(2)),
        applied.requests,
        String.format(Locale.ROOT, "%.0f", memory));
    if (size == 50) {
      goals.atMost(
          1.4, ours / others.get(0), "x the floor", "first apply at 50, without the confirming");
    }
    if (size == 500) {
      goals.atMost(
          1.15, ours / others.get(0), "x the floor", "first apply at 500, without the confirming");
      goals.atMost(1, ours / others.get(1), "x kubectl patch in a loop", "first apply at 500");
      goals.atMost(1, ours / others.get(2), "x rollout restart", "first apply at 500");
      goals.atMost(128, memory, "MiB", "peak memory of a first apply at 500");
    }
  }

  private Applied apply(TestPlatform platform, FakeGateway gateway)
      throws IOException, InterruptedException {
    Map<String, String> environment = new HashMap<>(platform.functionEnvironment());
    environment.put("gateway_url", gateway.url().toString());
    try (Container function = Container.start(image, environment)) {
      long began = System.nanoTime();
      Applied applied = new Applied(function.call("POST", ""), platform);
      applied.answered = since(began);
      await("the gateway is rolled out", () -> isMeshed(platform));
      double rolledOut = since(began);
      platform.lease().awaitFree();
      applied.confirming = since(began) - rolledOut;
      applied.targets.awaitRolledOut();
      applied.whole = since(began);
      applied.memory = function.peakMebibytes();
      return applied;
    }
  }

  private static double since(long began) {
    return (System.nanoTime() - began) / 1e9;
  }

  private static void await(String what, Callable<Boolean> condition) {
    Awaitility.await(what)
        .atMost(Duration.ofMinutes(5))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(50))
        .until(condition);
  }

  private static boolean isMeshed(TestPlatform platform) {
    Deployment gateway =
        platform
            .admin()
            .apps()
            .deployments()
            .inNamespace(platform.openfaas())
            .withName("gateway")
            .get();
    Map<String, String> annotations =
        gateway.getSpec().getTemplate().getMetadata().getAnnotations();
    return annotations.containsKey("linkerd.io/inject") && Settled.isRolledOut(gateway);
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

  /** What one call did, in seconds and MiB. */
  private static final class Applied {
    final Targets targets;

    /** Until the caller was answered; the run goes on. */
    final int requests;

    double answered;
    double confirming;
    double whole;
    double memory;

    Applied(Answer answer, TestPlatform platform) {
      if (!answer.outcome().equals("changed")) {
        throw new IllegalStateException(answer.report.toString());
      }
      this.targets = Targets.changedIn(answer.report, platform.admin());
      this.requests = answer.apiRequests();
    }
  }

  /** What is timed. */
  private interface Work {
    void run() throws IOException, InterruptedException;
  }
}
