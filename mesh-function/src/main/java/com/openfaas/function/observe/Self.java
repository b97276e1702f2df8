package com.openfaas.function.observe;

import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.Kubectl;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.Workload;
import java.util.List;
import java.util.Map;

/** Which of the functions is mesh-setup itself; it must never restart itself in mid-run. */
public final class Self {
  private static final String DEFAULT_NAME = "mesh-setup";

  public final String namespace;
  private final String pod;
  private final String name;

  /**
   * @param namespace the namespace mesh-setup runs in
   * @param environment HOSTNAME is the pod's name; OPENFAAS_NAME the function's, where the provider
   *     sets it (the community edition does not)
   */
  public Self(String namespace, Map<String, String> environment) {
    this.namespace = namespace;
    this.pod = environment.getOrDefault("HOSTNAME", "");
    this.name = environment.getOrDefault("OPENFAAS_NAME", "");
  }

  /** The command that changes a setting of it. */
  String set(String assignment) {
    return Kubectl.set(namespace, name.isEmpty() ? DEFAULT_NAME : name, assignment);
  }

  /** The commands that have it mesh one Deployment more, beside the core that it has. */
  String cover(String core, Annotated object) {
    return set("mesh_core=" + core + "," + object.name)
        + "; and grant: "
        + Kubectl.letPatch(namespace, object);
  }

  /** The name of the function that is mesh-setup, or null in a namespace that is not its own. */
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
