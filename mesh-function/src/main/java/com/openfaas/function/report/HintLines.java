package com.openfaas.function.report;

import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.Istio;
import com.openfaas.function.platform.NamespaceView;
import com.openfaas.function.platform.Workload;
import java.util.List;

/** A hint that holds an object to apply keeps its lines; any other is one, whatever it holds. */
public final class HintLines {
  /** How such a hint begins. Quoted, so that the shell takes what follows as it stands. */
  static final String APPLY = "kubectl apply -f - <<'EOF'\n";

  /** How one begins that holds a patch to keep where an object comes from. */
  static final String COMMIT = "commit this patch at the source of ";

  private static final String END = "EOF";

  private HintLines() {}

  static String applying(String objects) {
    return APPLY + objects + END;
  }

  static String committing(String subject, String patch) {
    return COMMIT
        + subject
        + " (Kustomize: patches; helm: --post-renderer), or have its annotations ignored there:\n"
        + patch.stripTrailing();
  }

  /** At least one line. */
  public static List<String> of(String hint) {
    return hint.startsWith(APPLY) || hint.startsWith(COMMIT)
        ? List.of(hint.split("\n", -1))
        : List.of(hint);
  }

  /** What to do about a workload that Linkerd cannot mesh as it is, by the code of why. */
  static String ofUnsupported(Workload workload, NamespaceView namespace, String code) {
    switch (code) {
      case "sidecar_already_exists":
        return Istio.of(workload)
            .map(problem -> problem.hint)
            .orElse(
                "take the container "
                    + (workload.template.hasContainer(Annotations.PROXY_CONTAINER)
                        ? "linkerd-proxy out of its pod template: linkerd uninject"
                        : Istio.PROXY_CONTAINER
                            + " out of its pod template, as istioctl kube-inject has written it there"));
      case "webhook_excludes_namespace":
        return namespace.howToAdmit();
      case "deployment_paused":
        return "kubectl rollout resume, then invoke mesh-setup again";
      case "invalid_inject_annotation_at_workload":
      case "invalid_inject_annotation_at_ns":
        return "set it to enabled or disabled";
      case "namespace_terminating":
        return "nothing to do";
      case "update_strategy_on_delete":
        return "give it updateStrategy RollingUpdate, or annotate it and delete its pods yourself";
      default:
        return "Linkerd cannot mesh it as it is; linkerd.io/inject: disabled says so for good";
    }
  }
}
