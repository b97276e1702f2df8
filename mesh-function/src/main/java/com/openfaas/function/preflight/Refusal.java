package com.openfaas.function.preflight;

import com.openfaas.function.plan.Step;
import com.openfaas.function.platform.ControlPlane;
import com.openfaas.function.platform.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What to change if admission would refuse a pod with a proxy: the annotation by which Linkerd
 * sizes the proxy, or the object that refuses. Pure; the messages are those of Kubernetes 1.34's
 * admission plugins, of OpenShift's, and of webhooks.
 */
final class Refusal {
  /** {@code must specify limits.cpu for: linkerd-init,linkerd-proxy; requests.memory for: ...}. */
  private static final Pattern UNSPECIFIED =
      Pattern.compile("(?:must specify |; |, ?)([a-z.-]+)(?: for: ([a-z0-9.,-]+))?");

  /** {@code exceeded quota: team, requested: limits.cpu=1,pods=1, used: ..., limited: ...}. */
  private static final Pattern EXCEEDED =
      Pattern.compile("exceeded quota: ([^,]+), requested: (.+?), used: ");

  private static final Pattern FAILED_QUOTA = Pattern.compile("failed quota: ([^:]+): ");

  /** {@code minimum cpu usage per Container is 50m, but request is 10m}; also of pods. */
  private static final Pattern LIMIT_RANGE =
      Pattern.compile(
          "(minimum|maximum) ([a-z-]+) usage per (Container|Pod) is ([^,.\\s\\]]+)"
              + "(?:, but (request|limit) is|\\. +No (request|limit) is specified)?");

  private static final Pattern RATIO =
      Pattern.compile("([a-z-]+) max limit to request ratio per (?:Container|Pod) is ([0-9.]+)");

  private static final Pattern BY_POLICY =
      Pattern.compile("ValidatingAdmissionPolicy '([^']+)' with binding '([^']+)'");

  private static final Pattern BY_WEBHOOK =
      Pattern.compile("admission webhook \"([^\"]+)\" denied");

  /** What annotations can set for the proxy: config.linkerd.io/proxy-cpu-limit and so on. */
  private static final Set<String> SIZED = Set.of("cpu", "memory", "ephemeral-storage");

  private static final String PROXY = "config.linkerd.io/proxy-";

  /** Values that suffice for a proxy: the chart's for many replicas, plus a CPU limit. */
  private static final Map<String, String> USUAL =
      Map.of(
          "cpu-request", "100m",
          "cpu-limit", "500m",
          "memory-request", "20Mi",
          "memory-limit", "250Mi",
          "ephemeral-storage-request", "50Mi",
          "ephemeral-storage-limit", "250Mi");

  private final Step step;
  private final String message;
  private final String otherwise;
  private final String plane;

  /**
   * A refusal of the step's pod.
   *
   * @param plane Linkerd's namespace
   */
  Refusal(Step step, Problem problem, String plane) {
    this.step = step;
    this.message = problem.message;
    this.otherwise = problem.hint;
    this.plane = plane;
  }

  String hint() {
    if (message.contains("failed calling webhook")) {
      return "the injector does not answer: kubectl -n "
          + plane
          + " get pods; "
          + ControlPlane.checkCommand(plane);
    }
    if (message.contains("exceeded quota") || message.contains("failed quota")) {
      return quota();
    }
    if (LIMIT_RANGE.matcher(message).find() || RATIO.matcher(message).find()) {
      return limitRange();
    }
    if (message.contains("PodSecurity")) {
      return "linkerd-init needs NET_ADMIN: kubectl label namespace "
          + step.namespace
          + " --overwrite pod-security.kubernetes.io/enforce=privileged, or use Linkerd's CNI"
          + " plugin (linkerd install-cni), which needs no linkerd-init";
    }
    if (message.contains("security context constraint")) {
      return "linkerd-init needs NET_ADMIN and NET_RAW: use Linkerd's CNI plugin (linkerd"
          + " install-cni), or give the pod's account a SecurityContextConstraints that"
          + " allows them: oc -n "
          + step.namespace
          + " adm policy add-scc-to-user privileged -z "
          + (step.workload == null ? "default" : step.workload.template.account);
    }
    return byPolicy();
  }

  private String byPolicy() {
    Matcher policy = BY_POLICY.matcher(message);
    if (policy.find()) {
      return "except the containers linkerd-init and linkerd-proxy from ValidatingAdmissionPolicy "
          + policy.group(1)
          + ", or namespace "
          + step.namespace
          + " from ValidatingAdmissionPolicyBinding "
          + policy.group(2)
          + "; against NET_ADMIN, Linkerd's CNI plugin helps, too";
    }
    Matcher webhook = BY_WEBHOOK.matcher(message);
    if (webhook.find()) {
      return "except the containers linkerd-init and linkerd-proxy, or namespace "
          + step.namespace
          + ", from the rule that the webhook "
          + webhook.group(1)
          + " names";
    }
    return otherwise;
  }

  private String quota() {
    Matcher exceeded = EXCEEDED.matcher(message);
    return exceeded.find() ? exceeded(exceeded.group(1), exceeded.group(2)) : unspecified();
  }

  private String exceeded(String quota, String requested) {
    List<String> asked = new ArrayList<>();
    for (String request : requested.split(",", -1)) {
      asked.add(request.replaceFirst("=.*", "").trim());
    }
    Map<String, String> annotations = annotations(asked);
    String raise = "raise the ResourceQuota " + quota + " for " + String.join(", ", asked);
    return annotations.isEmpty()
        ? raise + ": a rollout needs room for one more pod"
        : raise + ", or have a smaller proxy: " + annotate(annotations);
  }

  private String unspecified() {
    List<String> ofProxy = new ArrayList<>();
    Set<String> others = new TreeSet<>();
    Matcher unspecified = UNSPECIFIED.matcher(afterQuota());
    while (unspecified.find()) {
      String resource = unspecified.group(1);
      List<String> containers =
          unspecified.group(2) == null ? List.of() : List.of(unspecified.group(2).split(",", -1));
      if (containers.isEmpty() || containers.stream().anyMatch(c -> c.startsWith("linkerd-"))) {
        ofProxy.add(resource);
      }
      containers.stream()
          .filter(container -> !container.startsWith("linkerd-"))
          .forEach(own -> others.add("container " + own + " names no " + resource));
    }
    Map<String, String> lacking = annotations(ofProxy);
    String own = others.isEmpty() ? "" : "; " + String.join(", ", others) + ": set it, too";
    return lacking.isEmpty()
        ? "the ResourceQuota requires a value that the pod does not set" + own
        : annotate(lacking) + own;
  }

  private String afterQuota() {
    Matcher failed = FAILED_QUOTA.matcher(message);
    return failed.find() ? message.substring(failed.end()) : message;
  }

  private String limitRange() {
    Map<String, String> wanted = new TreeMap<>();
    Set<String> bounds = new TreeSet<>();
    Matcher range = LIMIT_RANGE.matcher(message);
    while (range.find()) {
      boolean least = range.group(1).equals("minimum");
      String side = range.group(5) == null ? range.group(6) : range.group(5);
      String kind = side == null ? (least ? "request" : "limit") : side;
      if (SIZED.contains(range.group(2))) {
        wanted.put(annotation(range.group(2), kind), range.group(4));
      }
      bounds.add((least ? "at least " : "at most ") + range.group(4));
    }
    Matcher ratio = RATIO.matcher(message);
    while (ratio.find()) {
      if (SIZED.contains(ratio.group(1))) {
        String one = USUAL.get(ratio.group(1) + "-limit");
        wanted.put(annotation(ratio.group(1), "request"), one);
        wanted.put(annotation(ratio.group(1), "limit"), one);
      }
      bounds.add("a limit of at most " + ratio.group(2) + " times the request");
    }
    String change = "change the LimitRange: kubectl -n " + step.namespace + " get limitrange";
    return wanted.isEmpty()
        ? change
        : annotate(wanted) + ", with " + String.join(" and ", bounds) + "; or " + change;
  }

  /** Where the annotation goes: on the whole namespace, or on the one workload. */
  private String annotate(Map<String, String> annotations) {
    List<String> pairs = new ArrayList<>();
    annotations.forEach((annotation, value) -> pairs.add(annotation + "=" + value));
    String one =
        step.workload != null && step.workload.role.isFunction()
            ? "under annotations of the function in stack.yml"
            : "on the pod template of " + step.subject();
    return "kubectl annotate namespace "
        + step.namespace
        + " "
        + String.join(" ", pairs)
        + "; or the same "
        + one;
  }

  private static Map<String, String> annotations(List<String> resources) {
    Map<String, String> annotations = new TreeMap<>();
    resources.forEach(
        resource -> {
          String annotation = annotation(resource);
          if (annotation != null) {
            annotations.put(annotation, USUAL.get(annotation.substring(PROXY.length())));
          }
        });
    return annotations;
  }

  /**
   * For a quota's resource: {@code limits.cpu}, {@code requests.memory}; plain names are requests.
   */
  private static String annotation(String resource) {
    String kind = resource.startsWith("limits.") ? "limit" : "request";
    String name = resource.replaceFirst("^(limits|requests)\\.", "");
    return SIZED.contains(name) ? annotation(name, kind) : null;
  }

  private static String annotation(String resource, String kind) {
    return PROXY + resource + "-" + kind;
  }
}
