package com.openfaas.function.observe;

import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.Kubectl;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.Workload;
import java.util.List;
import java.util.Map;

/** Which of the functions is mesh-setup itself; a run must never restart its own pod. */
public final class Self {
  private static final String DEFAULT_NAME = "mesh-setup";

  public final String namespace;
  private final String pod;
  private final String name;

  /**
   * @param namespace the namespace mesh-setup runs in
   * @param environment HOSTNAME is the pod's name; OPENFAAS_NAME the function's, if the provider
   *     sets it (the community edition does not)
   */
  public Self(String namespace, Map<String, String> environment) {
    this.namespace = namespace;
    this.pod = environment.getOrDefault("HOSTNAME", "");
    this.name = environment.getOrDefault("OPENFAAS_NAME", "");
  }

  /** The command that changes one of its settings. */
  String set(String assignment) {
    return Kubectl.set(namespace, name.isEmpty() ? DEFAULT_NAME : name, assignment);
  }

  /** The commands that make it mesh one more Deployment, next to the core it has. */
  String cover(String core, Annotated object) {
    return set("mesh_core=" + core + "," + object.name)
        + "; and grant: "
        + Kubectl.letPatch(namespace, object);
  }

  /** The name of mesh-setup's own function, or null in any other namespace. */
  String functionName(String candidate, List<PodView> pods) {
    if (!candidate.equals(namespace)) {
      return null;
    }
    if (!name.isEmpty()) {
      return name;
    }
    return pods.stream()
        .filter(p -> p.name.equals(pod) && p.labels.containsKey(Workload.FUNCTION_LABEL))
        .map(p -> p.labels.get(Workload.FUNCTION_LABEL))
        .findFirst()
        .orElse(DEFAULT_NAME);
  }
}
