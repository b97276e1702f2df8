package com.openfaas.function.bench;

import com.openfaas.function.bench.Container.Answer;
import com.openfaas.function.lab.Cluster;
import com.openfaas.function.lab.FakeGateway;
import com.openfaas.function.lab.TestPlatform;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the largest observations and proofs hold at most: the heap is stack.yml's, and may not run
 * out.
 */
final class Memory {
  private static final int MOST = 128;
  private static final int ANNOTATED = 60;
  private static final int ANNOTATION_BYTES = 240 * 1024;

  private final Image image;
  private final Goals goals;
  private final Table table = new Table("what", "s", "peak memory, MiB");

  Memory(Image image, Goals goals) {
    this.image = image;
    this.goals = goals;
  }

  Table measure(Cluster cluster, List<Integer> sizes) throws IOException, InterruptedException {
    annotated(cluster);
    for (int size : sizes) {
      verify(cluster, size, size > 500 ? 1 : 2);
    }
    return table;
  }

  private void annotated(Cluster cluster) throws IOException, InterruptedException {
    try (TestPlatform platform = TestPlatform.create(cluster, "notes")) {
      platform.installWithLinkerd();
      for (int i = 1; i <= ANNOTATED; i++) {
        platform.deployFunction(
            "noted-" + i,
            function -> {
              Map<String, String> large = Map.of("a/note", "x".repeat(ANNOTATION_BYTES));
              function.getMetadata().getAnnotations().putAll(large);
              function.getSpec().getTemplate().getMetadata().getAnnotations().putAll(large);
              return function;
            });
      }
      platform.awaitSettled(Duration.ofMinutes(4));
      try (Container function = Container.start(image, platform.functionEnvironment())) {
        Answer status = function.call("POST", "{\"action\":\"status\"}");
        row("status, " + ANNOTATED + " functions with 240 KiB of annotations", status, function);
      }
    }
  }

  private void verify(Cluster cluster, int functions, int gateways)
      throws IOException, InterruptedException {
    try (TestPlatform platform = TestPlatform.create(cluster, "proof" + functions)) {
      platform.installWithLinkerd();
      try (Container function = Container.start(image, platform.functionEnvironment())) {
        function.call("POST", "");
        platform.lease().awaitFree();
      }
      platform
          .admin()
          .apps()
          .deployments()
          .inNamespace(platform.openfaas())
          .withName("gateway")
          .scale(gateways);
      platform.addFunctions(1, functions);
      platform.awaitSettled(Duration.ofMinutes(10));
      try (FakeGateway gateway = FakeGateway.before(platform)) {
        gateway.awaitServing("nodeinfo", "mesh-setup", "fn-1", "fn-" + functions);
        Map<String, String> environment = new HashMap<>(platform.functionEnvironment());
        environment.put("gateway_url", gateway.url().toString());
        try (Container function = Container.start(image, environment)) {
          Answer proof = function.call("POST", "{\"action\":\"verify\"}");
          if (!proof.outcome().equals("verified")) {
            throw new IllegalStateException(proof.report.toString());
          }
          row("verify, " + functions + " functions, gateways: " + gateways, proof, function);
        }
        watched(platform, gateway, functions, environment);
      }
    }
  }

  /** Who calls past the gateway: ten accounts, each a tenth of the functions. */
  private void watched(
      TestPlatform platform, FakeGateway gateway, int functions, Map<String, String> environment)
      throws IOException, InterruptedException {
    platform.account().apply("rbac-protect.yml");
    gateway.policy();
    environment.put("mesh_protect", "audit");
    try (Container function = Container.start(image, environment)) {
      function.call("POST", "");
      platform.lease().awaitFree();
    }
    for (int i = 1; i <= functions; i++) {
      gateway.proxies().callPast("strangers/caller-" + i % 10, "fn-" + i, "/");
    }
    for (String action : List.of("status", "verify")) {
      try (Container function = Container.start(image, environment)) {
        Answer answer = function.call("POST", "{\"action\":\"" + action + "\"}");
        if (answer.report.getAsJsonArray("callers").size() != functions) {
          throw new IllegalStateException(answer.report.toString());
        }
        row(action + " with protection, " + functions + " functions", answer, function);
      }
    }
  }

  private void row(String what, Answer answer, Container function) throws IOException {
    double peak = function.peakMebibytes();
    table.row(what, String.format("%.1f", answer.seconds), String.format("%.0f", peak));
    goals.atMost(MOST, peak, "MiB", "peak memory of " + what);
  }
}
