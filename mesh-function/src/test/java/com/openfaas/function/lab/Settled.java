package com.openfaas.function.lab;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** Whether a namespace has come to rest. */
public final class Settled {
  private Settled() {}

  static void await(KubernetesClient client, List<String> namespaces, Duration atMost) {
    Awaitility.await("everything rolled out")
        .atMost(atMost)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(100))
        .until(
            () ->
                namespaces.stream()
                    .flatMap(namespace -> unsettled(client, namespace))
                    .collect(Collectors.toList()),
            List::isEmpty);
  }

  /**
   * What has not, by name. A Deployment's status tells of pods that were deleted, and the API of
   * what was left by a Deployment that is deleted, a moment late: so the pods decide.
   */
  static Stream<String> unsettled(KubernetesClient client, String namespace) {
    List<Deployment> deployments =
        client.apps().deployments().inNamespace(namespace).list().getItems();
    List<String> rolling =
        deployments.stream()
            .filter(deployment -> !isRolledOut(deployment))
            .map(deployment -> deployment.getMetadata().getName() + " is rolling out")
            .collect(Collectors.toList());
    if (!rolling.isEmpty()) {
      return rolling.stream();
    }
    List<Pod> pods = client.pods().inNamespace(namespace).list().getItems();
    return unsettled(deployments, pods).stream();
  }

  private static List<String> unsettled(List<Deployment> deployments, List<Pod> pods) {
    List<String> unsettled = new ArrayList<>();
    Map<String, List<Pod>> left = new HashMap<>();
    for (Pod pod : pods) {
      if (pod.getMetadata().getDeletionTimestamp() != null) {
        unsettled.add(pod.getMetadata().getName() + " is going");
      } else {
        deployment(pod).ifPresent(of -> left.computeIfAbsent(of, n -> new ArrayList<>()).add(pod));
      }
    }
    for (Deployment deployment : deployments) {
      String name = deployment.getMetadata().getName();
      List<Pod> its = Objects.requireNonNullElse(left.remove(name), List.of());
      if (its.size() != deployment.getSpec().getReplicas()
          || !its.stream().allMatch(Endpoints::isReady)) {
        unsettled.add(name + " has other pods than its status says");
      }
    }
    left.keySet().forEach(name -> unsettled.add(name + " is gone, and its pods are not"));
    return unsettled;
  }

  /** Whether all its replicas are new ones, and available. */
  public static boolean isRolledOut(Deployment deployment) {
    DeploymentStatus status = deployment.getStatus();
    int wanted = deployment.getSpec().getReplicas();
    return status.getObservedGeneration() != null
        && status.getObservedGeneration() >= deployment.getMetadata().getGeneration()
        && number(status.getReplicas()) == wanted
        && number(status.getUpdatedReplicas()) == wanted
        && number(status.getAvailableReplicas()) == wanted;
  }

  /** Which its ReplicaSet is of, by that one's name; empty: none. */
  private static Optional<String> deployment(Pod pod) {
    Map<String, String> labels = pod.getMetadata().getLabels();
    String end = "-" + (labels == null ? null : labels.get("pod-template-hash"));
    return pod.getMetadata().getOwnerReferences().stream()
        .filter(owner -> owner.getKind().equals("ReplicaSet") && owner.getName().endsWith(end))
        .map(owner -> owner.getName().substring(0, owner.getName().length() - end.length()))
        .findFirst();
  }

  private static int number(Integer value) {
    return value == null ? 0 : value;
  }
}
