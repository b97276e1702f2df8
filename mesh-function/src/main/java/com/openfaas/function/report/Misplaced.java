package com.openfaas.function.report;

import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.Istio;
import com.openfaas.function.platform.NamespaceView;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Workload;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Linkerd's annotations where Linkerd does not read them, and those of another mesh. Linkerd reads
 * annotations of namespaces and pods, but no labels, and nothing on a Deployment itself (linkerd2
 * pkg/inject/report.go; https://linkerd.io/2-edge/reference/proxy-configuration/).
 */
final class Misplaced {
  private final List<Problem> problems = new ArrayList<>();

  private Misplaced() {}

  static List<Problem> of(Platform platform) {
    Misplaced misplaced = new Misplaced();
    Set<String> seen = new TreeSet<>();
    for (NamespaceView namespace : platform.functionNamespaces) {
      seen.add(namespace.name);
      misplaced.inNamespace(namespace);
    }
    for (Workload workload : platform.workloads) {
      if (seen.add(workload.namespace)) {
        misplaced.inNamespace(platform.namespaceOf(workload));
      }
      misplaced.inWorkload(workload);
    }
    return misplaced.problems;
  }

  private void inNamespace(NamespaceView namespace) {
    ofLabel(namespace.object(), "kubectl");
    Istio.of(namespace).ifPresent(problems::add);
  }

  private void inWorkload(Workload workload) {
    String kubectl = "kubectl -n " + workload.namespace;
    ofLabel(workload.object, kubectl);
    String label = workload.template.labels.get(Annotations.INJECT);
    if (label != null) {
      problems.add(
          new Problem(
              Code.INJECT_IS_A_LABEL,
              workload.subject(),
              "its pod template has linkerd.io/inject: "
                  + label
                  + " as a label, which Linkerd does not read: it must be an annotation",
              workload.object.templatePatch(
                  "labels", Collections.singletonMap(Annotations.INJECT, null))));
    }
    misplaced(workload)
        .forEach((key, value) -> problems.add(onMetadata(workload, kubectl, key, value)));
    Istio.of(workload).ifPresent(problems::add);
  }

  private void ofLabel(Annotated object, String kubectl) {
    if (object.injectLabel != null) {
      String named = object.subject().replaceFirst(" .*/", " ");
      problems.add(
          new Problem(
              Code.INJECT_IS_A_LABEL,
              object.subject(),
              "it has linkerd.io/inject: "
                  + object.injectLabel
                  + " as a label, which Linkerd does not read: it must be an annotation",
              kubectl + " label " + named + " linkerd.io/inject-"));
    }
  }

  /** Without those its pod template has too: faas-netes writes a function's to both. */
  private static Map<String, String> misplaced(Workload workload) {
    Map<String, String> misplaced = new TreeMap<>(workload.object.annotations);
    misplaced
        .keySet()
        .removeIf(key -> !key.equals(Annotations.INJECT) && !key.startsWith("config.linkerd.io/"));
    misplaced
        .entrySet()
        .removeIf(e -> e.getValue().equals(workload.template.annotations.get(e.getKey())));
    return misplaced;
  }

  private static Problem onMetadata(Workload workload, String kubectl, String key, String value) {
    return new Problem(
        key.equals(Annotations.INJECT) ? Code.INJECT_ON_METADATA : Code.CONFIG_ON_METADATA,
        workload.subject(),
        "it has " + key + ": " + value + " on itself, which Linkerd reads on pods only",
        kubectl
            + " annotate "
            + workload.object.kind.word()
            + " "
            + workload.name
            + " "
            + key
            + "-; for its pods: "
            + workload.object.templatePatch("annotations", Map.of(key, value)));
  }
}
