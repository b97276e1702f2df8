package com.openfaas.function.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.openfaas.function.plan.Step;
import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.Kind;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the plan sets, and what earlier runs have set, for the repository that Argo CD, Flux or
 * kubectl apply: one Kustomize component
 * (https://kubectl.docs.kubernetes.io/guides/config_management/components/), which is one file.
 * Each patch has a target: a patch without one is an error if its object is not in the repository.
 */
final class PatchFormat {
  private static final Gson JSON = new GsonBuilder().disableHtmlEscaping().create();

  private static final String HEAD =
      "# What mesh-setup sets on this platform, as a Kustomize component: for the repository from"
          + " which it is deployed.\n"
          + "#   mkdir -p mesh-setup\n"
          + "#   curl -fsS \"$OPENFAAS_URL/function/mesh-setup?action=plan&format=patch\" >"
          + " mesh-setup/kustomization.yaml\n"
          + "#   and in the kustomization.yaml next to that folder: components: [mesh-setup]\n"
          + "# A patch whose object is not among the resources there does nothing.\n";

  private PatchFormat() {}

  static String of(Report report) {
    StringBuilder yaml = new StringBuilder(HEAD);
    boolean known = report.scope != null && report.plan != null;
    List<Step> kept = known ? report.plan.kept(report.scope) : List.of();
    List<Step> steps = known ? report.plan.steps : List.of();
    String restarts =
        steps.stream()
            .filter(step -> step.annotations.containsKey(Annotations.RESTARTED_AT))
            .map(Step::subject)
            .collect(Collectors.joining(", "));
    if (!restarts.isEmpty()) {
      yaml.append("# Nothing to commit, but a restart is due, by an apply: ");
      yaml.append(restarts).append('\n');
    }
    yaml.append("apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n");
    yaml.append(kept.isEmpty() ? "patches: []\n" : "patches:\n");
    for (Step step : kept) {
      yaml.append(target(step.object));
      merge(step, step.annotations)
          .lines()
          .forEach(line -> yaml.append("    ").append(line).append('\n'));
    }
    return yaml.toString();
  }

  private static String target(Annotated object) {
    StringBuilder target = new StringBuilder("- target:\n");
    if (!object.kind.group.isEmpty()) {
      target.append("    group: ").append(object.kind.group).append('\n');
    }
    target.append("    version: v1\n    kind: ").append(object.kind).append('\n');
    // Kustomize reads it as a regular expression, anchored at both ends.
    target.append("    name: ").append(quoted(object.name.replace(".", "[.]"))).append('\n');
    if (object.kind != Kind.NAMESPACE) {
      target.append("    namespace: ").append(quoted(object.namespace)).append('\n');
    }
    return target.append("  patch: |-\n").toString();
  }

  /** A strategic merge patch of annotations alone, for Kustomize and kubectl alike. */
  static String merge(Step step, Map<String, String> annotations) {
    Annotated object = step.object;
    StringBuilder yaml = new StringBuilder();
    yaml.append("apiVersion: ").append(object.kind.apiVersion()).append('\n');
    yaml.append("kind: ").append(object.kind).append('\n');
    yaml.append("metadata:\n  name: ").append(quoted(object.name)).append('\n');
    if (object.kind != Kind.NAMESPACE) {
      yaml.append("  namespace: ").append(quoted(object.namespace)).append('\n');
    }
    String indent = "  ";
    if (step.workload != null) {
      yaml.append("spec:\n  template:\n    metadata:\n");
      indent = "      ";
    }
    yaml.append(indent).append("annotations:\n");
    for (Map.Entry<String, String> each : new TreeMap<>(annotations).entrySet()) {
      yaml.append(indent).append("  ").append(each.getKey()).append(": ");
      yaml.append(quoted(each.getValue())).append('\n');
    }
    return yaml.toString();
  }

  /** A surrogate alone is no character: a parser of YAML refuses it. */
  private static String escaped(int codePoint) {
    if (codePoint < 0x7f) {
      return Character.toString(codePoint);
    }
    boolean alone = codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    int written = alone ? 0xfffd : codePoint;
    return String.format(Character.isBmpCodePoint(written) ? "\\u%04x" : "\\U%08x", written);
  }

  /** On one line, whatever an object's owner has written: YAML has more line breaks than JSON. */
  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder();
    JSON.toJson(text).codePoints().forEach(c -> quoted.append(escaped(c)));
    return quoted.toString();
  }
}
