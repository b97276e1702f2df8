package com.openfaas.function.bench;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.openfaas.function.lab.Settled;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** The Deployments that a first apply has changed: whoever does it by hand rolls out the same. */
final class Targets {
  private static final int MINUTES = 10;

  private final KubernetesClient client;
  private final Map<String, Set<String>> byNamespace = new TreeMap<>();

  private Targets(KubernetesClient client) {
    this.client = client;
  }

  /** Those the report of an apply names as changed. */
  static Targets changedIn(JsonObject report, KubernetesClient client) {
    Targets targets = new Targets(client);
    for (JsonElement entry : report.getAsJsonArray("workloads")) {
      JsonObject workload = entry.getAsJsonObject();
      if (!workload.get("change").getAsString().equals("none")) {
        targets
            .byNamespace
            .computeIfAbsent(workload.get("namespace").getAsString(), key -> new TreeSet<>())
            .add(workload.get("name").getAsString());
      }
    }
    return targets;
  }

  Map<String, Set<String>> byNamespace() {
    return byNamespace;
  }

  int count() {
    return byNamespace.values().stream().mapToInt(Set::size).sum();
  }

  /** Sends the patch to all of them, some at a time. */
  void patch(String patch, int parallel) {
    ExecutorService workers = Executors.newFixedThreadPool(parallel);
    try {
      CompletableFuture.allOf(
              byNamespace.entrySet().stream()
                  .flatMap(names -> names.getValue().stream().map(n -> bare(names.getKey(), n)))
                  .map(d -> CompletableFuture.runAsync(() -> patch(d, patch), workers))
                  .toArray(CompletableFuture[]::new))
          .join();
    } finally {
      workers.shutdownNow();
    }
  }

  /** Waits until all of them are rolled out, told by watches, at no cost worth counting. */
  void awaitRolledOut() throws InterruptedException {
    for (Map.Entry<String, Set<String>> names : byNamespace.entrySet()) {
      awaitRolledOut(names.getKey(), names.getValue());
    }
  }

  private void awaitRolledOut(String namespace, Set<String> names) throws InterruptedException {
    var deployments = client.apps().deployments().inNamespace(namespace);
    DeploymentList now = deployments.list();
    Rolling rolling = new Rolling(names);
    now.getItems().forEach(rolling::saw);
    Watch watch =
        deployments.withResourceVersion(now.getMetadata().getResourceVersion()).watch(rolling);
    try {
      if (!rolling.done.await(MINUTES, TimeUnit.MINUTES)) {
        throw new IllegalStateException("still rolling out: " + rolling.left);
      }
    } finally {
      watch.close();
    }
  }

  private void patch(Deployment deployment, String patch) {
    client.resource(deployment).patch(PatchContext.of(PatchType.JSON_MERGE), patch);
  }

  private static Deployment bare(String namespace, String name) {
    return new DeploymentBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName(name)
        .endMetadata()
        .build();
  }

  /** Those that are not yet through; one that is through is not checked again. */
  private static final class Rolling implements Watcher<Deployment> {
    final Set<String> left = ConcurrentHashMap.newKeySet();
    final CountDownLatch done = new CountDownLatch(1);

    Rolling(Set<String> names) {
      left.addAll(names);
    }

    void saw(Deployment deployment) {
      if (Settled.isRolledOut(deployment)) {
        left.remove(deployment.getMetadata().getName());
      }
      if (left.isEmpty()) {
        done.countDown();
      }
    }

    @Override
    public void eventReceived(Action action, Deployment deployment) {
      if (List.of(Action.ADDED, Action.MODIFIED).contains(action)) {
        saw(deployment);
      }
    }

    @Override
    public void onClose(WatcherException cause) {
      // Whoever waits sees it by what is left when the time is up.
      left.add("the watch ended: " + cause.getMessage());
    }
  }
}
