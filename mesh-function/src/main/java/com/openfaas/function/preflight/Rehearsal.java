package com.openfaas.function.preflight;

import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.plan.Step;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.ControlPlane;
import com.openfaas.function.platform.Istio;
import com.openfaas.function.platform.Kubectl;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.Ports;
import com.openfaas.function.platform.Problem;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Sends the pod that a step would create through admission, as a dry run, and checks that it comes
 * back with a proxy. The injector's failurePolicy is Ignore by default: without this, an absent
 * injector would roll every pod for nothing. Quota and Pod Security rejections also show here.
 */
public final class Rehearsal {
  /** The linkerd-init argument that carries each list of ports. */
  private static final Map<String, String> SKIP_ARGUMENTS =
      Map.of(
          Annotations.SKIP_OUTBOUND_PORTS, "--outbound-ports-to-ignore",
          Annotations.SKIP_INBOUND_PORTS, "--inbound-ports-to-ignore");

  private final Cluster cluster;
  private final Platform platform;
  private final Map<String, PodTemplateSpec> templates = new HashMap<>();

  public Rehearsal(Cluster cluster, Platform platform) {
    this.cluster = cluster;
    this.platform = platform;
  }

  Check skipped(Step step) {
    return Check.skipped(id(step), "a check before it failed");
  }

  Check check(Step step) {
    String id = id(step);
    try {
      return judge(id, step, cluster.rehearse(pod(step)));
    } catch (ClusterException e) {
      return Check.fail(
          id,
          "a pod of " + step.subject() + " would be refused: " + e.problem.message,
          new Refusal(step, e.problem, plane()).hint());
    }
  }

  /** Whether a pod created by the step would now get a proxy. */
  public boolean wouldInject(Step step) throws ClusterException {
    return isInjected(cluster.rehearse(pod(step)));
  }

  private static boolean isInjected(Pod answer) {
    return Annotations.isInjected(answer.getMetadata().getAnnotations())
        && has(answer, Annotations.PROXY_CONTAINER);
  }

  private static boolean has(Pod pod, String container) {
    return containers(pod).anyMatch(c -> container.equals(c.getName()));
  }

  /** Istio's injector ran before Linkerd's, which then did nothing, or after it. */
  private Check byIstio(String id, Step step, Pod answer) {
    Optional<Problem> asks =
        Istio.of(step.workload).or(() -> Istio.of(platform.namespaceOf(step.workload)));
    return Check.fail(
        id,
        "a pod of "
            + step.subject()
            + " came back with Istio's proxy"
            + (isInjected(answer)
                ? " in addition to linkerd-proxy"
                : ", and so without linkerd-proxy")
            + asks.map(problem -> "; " + problem).orElse(""),
        asks.map(problem -> problem.hint)
            .orElse(
                "which of Istio's webhooks selects it: kubectl get mutatingwebhookconfigurations"));
  }

  private static String id(Step step) {
    return "rehearsal-" + step.workload.role;
  }

  private Pod pod(Step step) throws ClusterException {
    PodTemplateSpec template = template(step);
    Map<String, String> annotations =
        new HashMap<>(
            Objects.requireNonNullElse(template.getMetadata().getAnnotations(), Map.of()));
    annotations.putAll(step.annotations);
    annotations.values().removeIf(Objects::isNull);
    return new PodBuilder()
        .withNewMetadata()
        .withGenerateName(step.workload.name + "-")
        .withNamespace(step.namespace)
        .withLabels(template.getMetadata().getLabels())
        .withAnnotations(annotations)
        .endMetadata()
        .withSpec(template.getSpec())
        .build();
  }

  /** Cached: a rehearsal may be repeated until the injector has updated. */
  private PodTemplateSpec template(Step step) throws ClusterException {
    PodTemplateSpec known = templates.get(step.subject());
    if (known == null) {
      known = cluster.podTemplate(step.object);
      templates.put(step.subject(), known);
    }
    return known;
  }

  private Check judge(String id, Step step, Pod answer) {
    if (has(answer, Istio.PROXY_CONTAINER)) {
      return byIstio(id, step, answer);
    }
    if (!isInjected(answer)) {
      return Check.fail(
          id,
          "a pod of "
              + step.subject()
              + " came back without linkerd-proxy: the injector did not act",
          "kubectl -n "
              + plane()
              + " get pods; "
              + ControlPlane.checkCommand(plane())
              + "; kubectl -n "
              + step.namespace
              + " get events --field-selector reason=InjectionSkipped");
    }
    for (String key : new TreeSet<>(SKIP_ARGUMENTS.keySet())) {
      String wanted = natsPorts(step, key);
      String skipped = skipped(answer, key);
      if (!Ports.covers(skipped, wanted)) {
        return Check.fail(
            id,
            String.format(
                "a pod of %s would have %s \"%s\", not NATS' %s",
                step.subject(), key, skipped, wanted),
            Kubectl.set(platform.workloads, "mesh_skip_outbound_ports=" + wanted));
      }
    }
    return Check.pass(id, "a pod of " + step.subject() + " would get linkerd-proxy");
  }

  private String natsPorts(Step step, String key) {
    boolean skips =
        key.equals(Annotations.SKIP_OUTBOUND_PORTS)
            ? platform.isNatsClient(step.workload)
            : platform.isNatsServer(step.workload);
    return skips ? platform.natsPortsOrNone() : "";
  }

  /** The argument of linkerd-init; under CNI there is none, and the annotation counts. */
  private static String skipped(Pod answer, String key) {
    List<String> arguments =
        answer.getSpec().getInitContainers().stream()
            .filter(c -> "linkerd-init".equals(c.getName()))
            .findFirst()
            .map(Container::getArgs)
            .orElse(List.of());
    int at = arguments.indexOf(SKIP_ARGUMENTS.get(key));
    if (at >= 0 && at + 1 < arguments.size()) {
      return arguments.get(at + 1);
    }
    return answer.getMetadata().getAnnotations().getOrDefault(key, "");
  }

  private static Stream<Container> containers(Pod pod) {
    return Stream.concat(
        pod.getSpec().getContainers().stream(), pod.getSpec().getInitContainers().stream());
  }

  private String plane() {
    return platform.controlPlane.isKnown() ? platform.controlPlane.value.namespace : "linkerd";
  }
}
