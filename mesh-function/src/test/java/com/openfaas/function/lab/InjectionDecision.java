package com.openfaas.function.lab;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whether the proxy-injector takes a pod, by the annotation {@code linkerd.io/inject}:
 *
 * <pre>
 * namespace            pod                  injected
 * enabled, ingress     none, enabled        yes
 * enabled, ingress     ingress              yes
 * enabled, ingress     disabled             no: the pod's word
 * none, disabled       enabled, ingress     yes: the pod's word
 * none, disabled       none, disabled       no
 * any other value      anything             no
 * anything valid       any other value      no
 * </pre>
 *
 * A pod on the host's network or with another mesh's sidecar is not taken either. UDP ports and
 * automountServiceAccountToken=false do not matter: the proxy's token is projected.
 */
final class InjectionDecision {
  static final String INJECT = "linkerd.io/inject";
  private static final Set<String> VALUES = Set.of("", "enabled", "disabled", "ingress");
  private static final Set<String> SIDECARS =
      Set.of("linkerd-proxy", "linkerd-init", "istio-proxy", "istio-init");

  private InjectionDecision() {}

  /** The reasons against it, in Linkerd's words; none means that the pod is injected. */
  static List<String> reasonsAgainst(Map<String, String> namespaceAnnotations, Pod pod) {
    List<String> reasons = new ArrayList<>();
    if (Boolean.TRUE.equals(pod.getSpec().getHostNetwork())) {
      reasons.add("hostNetwork is enabled");
    }
    if (hasSidecar(pod.getSpec())) {
      reasons.add("pod has a sidecar injected already");
    }
    String namespace = namespaceAnnotations.getOrDefault(INJECT, "");
    String own = pod.getMetadata().getAnnotations().getOrDefault(INJECT, "");
    String disabled = disabledBy(namespace, own);
    if (!disabled.isEmpty()) {
      reasons.add(disabled);
    }
    return reasons;
  }

  private static String disabledBy(String namespace, String pod) {
    if (!VALUES.contains(namespace)) {
      return "invalid value for annotation \"linkerd.io/inject\" at namespace";
    }
    if (!VALUES.contains(pod)) {
      return "invalid value for annotation \"linkerd.io/inject\" at workload";
    }
    if (enables(namespace)) {
      return pod.equals("disabled") ? "pod has the annotation \"linkerd.io/inject:disabled\"" : "";
    }
    return enables(pod)
        ? ""
        : "neither the namespace nor the pod have the annotation \"linkerd.io/inject:enabled\"";
  }

  private static boolean enables(String value) {
    return value.equals("enabled") || value.equals("ingress");
  }

  private static boolean hasSidecar(PodSpec spec) {
    List<Container> all = new ArrayList<>(spec.getContainers());
    all.addAll(spec.getInitContainers());
    return all.stream().map(Container::getName).anyMatch(SIDECARS::contains);
  }
}
