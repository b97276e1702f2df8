package com.openfaas.function.platform;

import com.openfaas.function.platform.Workload.Template;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;

/**
 * What asks Istio to put pods on its own mesh: Linkerd does not inject a pod with Istio's sidecar
 * (linkerd2 pkg/healthcheck/sidecar.go), and two meshes redirect the same connections. The labels
 * are those of https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/ and, for
 * ambient mode, https://istio.io/latest/docs/ambient/usage/add-workloads/.
 */
public final class Istio {
  /** The container of Istio's injector. */
  public static final String PROXY_CONTAINER = "istio-proxy";

  /** On pods, as a label or, in older installations, an annotation. */
  static final String INJECT = "sidecar.istio.io/inject";

  private static final String NAMESPACE = "istio-injection";
  private static final String REVISION = "istio.io/rev";
  private static final String AMBIENT = "istio.io/dataplane-mode";

  private Istio() {}

  /** The namespace's label that asks for all its pods, with the command that removes it. */
  public static Optional<Problem> of(NamespaceView namespace) {
    Map<String, String> labels = namespace.labels;
    String key =
        "enabled".equals(labels.get(NAMESPACE))
            ? NAMESPACE
            : labels.containsKey(REVISION) && !labels.containsKey(NAMESPACE)
                ? REVISION
                : "ambient".equals(labels.get(AMBIENT)) ? AMBIENT : null;
    String subject = namespace.object().subject();
    return Optional.ofNullable(key)
        .map(
            asks ->
                problem(
                    subject,
                    "label " + asks + ": " + labels.get(asks),
                    "kubectl label "
                        + subject
                        + " "
                        + asks
                        + "-; then restart what is in it: kubectl -n "
                        + namespace.name
                        + " rollout restart deployments"));
  }

  /** What in the workload's pod template asks for it. */
  public static Optional<Problem> of(Workload workload) {
    Map<String, String> labels = workload.template.labels;
    if ("true".equals(labels.get(INJECT))) {
      return Optional.of(ofTemplate(workload, "label", INJECT, "labels", "false"));
    }
    if ("true".equals(workload.template.annotations.get(INJECT))) {
      return Optional.of(ofTemplate(workload, "annotation", INJECT, "annotations", "false"));
    }
    if (labels.containsKey(REVISION) && !labels.containsKey(INJECT)) {
      return Optional.of(ofTemplate(workload, "label", REVISION, "labels", null));
    }
    return "ambient".equals(labels.get(AMBIENT))
        ? Optional.of(ofTemplate(workload, "label", AMBIENT, "labels", "none"))
        : Optional.empty();
  }

  private static Problem ofTemplate(
      Workload workload, String what, String key, String field, String value) {
    Template template = workload.template;
    String present = template.labels.getOrDefault(key, template.annotations.get(key));
    return problem(
        workload.subject(),
        "pod template's " + what + " " + key + ": " + present,
        workload.object.templatePatch(field, Collections.singletonMap(key, value)));
  }

  private static Problem problem(String subject, String asks, String hint) {
    return new Problem(
        Code.ISTIO_INJECTION,
        subject,
        "its "
            + asks
            + " asks Istio for its own proxy: Linkerd does not inject a pod that has one, and both"
            + " redirect the same connections",
        hint);
  }
}
