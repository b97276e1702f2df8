package com.openfaas.function.lab;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
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

  /** What has not, by name. */
  static Stream<String> unsettled(KubernetesClient client, String namespace) {
    Stream<String> deployments =
        client.apps().deployments().inNamespace(namespace).list().getItems().stream()
            .filter(deployment -> !isRolledOut(deployment))
            .map(deployment -> deployment.getMetadata().getName() + " is rolling out");
    Stream<String> pods =
        client.pods().inNamespace(namespace).list().getItems().stream()
            .filter(Settled::isGoing)
            .map(pod -> pod.getMetadata().getName() + " is going");
    return Stream.concat(deployments, pods);
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

  private static boolean isGoing(Pod pod) {
    return pod.getMetadata().getDeletionTimestamp() != null;
  }

  private static int number(Integer value) {
    return value == null ? 0 : value;
  }
}
