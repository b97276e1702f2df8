package com.openfaas.function.preflight;

import com.openfaas.function.plan.Plan;
import com.openfaas.function.plan.Protection;
import com.openfaas.function.plan.Scope;
import com.openfaas.function.plan.Wave;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.ControlPlane;
import com.openfaas.function.platform.InboundRules;
import com.openfaas.function.platform.NamespaceView;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Reading;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.platform.Workload.Role;
import com.openfaas.function.policy.Policy.Protect;
import com.openfaas.function.request.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/** The checks that need no request of their own, only the observation. Pure. */
public final class ReadingChecks {
  /** In the order of the report. */
  private static final List<BiFunction<Scope, Plan, Check>> TABLE =
      List.of(
          (scope, plan) -> gateway(scope.platform),
          (scope, plan) -> readable(scope.platform),
          (scope, plan) -> TrafficChecks.natsPort(scope.platform, plan),
          (scope, plan) -> controlPlaneFound(scope.platform),
          (scope, plan) -> controlPlaneAvailable(scope.platform),
          (scope, plan) -> linkerdConfig(scope.platform),
          (scope, plan) -> injectAnnotations(scope.platform),
          (scope, plan) -> webhookSelectors(scope.platform),
          (scope, plan) -> gatewayStrategy(scope.platform, plan),
          InboundCheck::of,
          (scope, plan) -> TrafficChecks.ingress(scope),
          (scope, plan) -> TrafficChecks.serviceFeatures(scope));

  private static final String PROTECTION = "protection";

  /** Problems and functions that one check names. */
  private static final int NAMED = 3;

  private ReadingChecks() {}

  /** The only check of a run that could not observe: it is blocked, and nothing is touched. */
  public static Check unreadable(Problem problem) {
    return Check.fail("platform-readable", problem);
  }

  /** The only check of a signed run whose signature cannot be recorded: it could be replayed. */
  public static Check unrecorded(Problem problem) {
    return Check.fail("signature-recorded", problem);
  }

  /** For a run that cannot rule out a concurrent one: nothing is touched without the Lease. */
  public static Check unleased(Problem problem) {
    return Check.fail("lease", problem);
  }

  /** A plan that only removes does not check the mesh: that may be what is broken. */
  public static List<Check> of(Scope scope, Plan plan) {
    boolean back = scope.invocation.action == Action.REVERT;
    if (back || (!plan.isEmpty() && !plan.wantsProxies())) {
      List<Check> few = new ArrayList<>(List.of(readable(scope.platform)));
      few.addAll(back ? protectionOfRevert(scope) : List.of());
      return List.copyOf(few);
    }
    List<Check> checks =
        TABLE.stream().map(check -> check.apply(scope, plan)).collect(Collectors.toList());
    checks.addAll(TrafficChecks.natsInbound(scope.platform, plan));
    checks.addAll(TrafficChecks.networkPolicies(scope.platform, plan));
    checks.addAll(protection(scope, plan));
    return List.copyOf(checks);
  }

  private static Check readable(Platform platform) {
    String id = "platform-readable";
    if (platform.missing.isEmpty()) {
      return Check.pass(id, "every namespace of the policy was read");
    }
    String message =
        platform.missing.stream().map(Problem::toString).collect(Collectors.joining("; "));
    return Check.fail(id, message, platform.missing.get(0).hint);
  }

  private static Check gateway(Platform platform) {
    String id = "gateway-found";
    return platform.gateway.isKnown()
        ? Check.pass(id, platform.gateway.value.subject())
        : Check.fail(id, platform.gateway.problem);
  }

  private static Check controlPlaneFound(Platform platform) {
    String id = "control-plane-found";
    return platform.controlPlane.isKnown()
        ? Check.pass(id, "Linkerd in namespace " + platform.controlPlane.value.namespace)
        : Check.fail(id, platform.controlPlane.problem);
  }

  private static Check controlPlaneAvailable(Platform platform) {
    String id = "control-plane-available";
    if (!platform.controlPlane.isKnown()) {
      return Check.skipped(id, "no control plane was found");
    }
    ControlPlane plane = platform.controlPlane.value;
    if (!plane.available.isKnown()) {
      return Check.fail(id, plane.available.problem);
    }
    List<String> down =
        ControlPlane.DEPLOYMENTS.stream()
            .filter(name -> plane.available.value.getOrDefault(name, 0) == 0)
            .collect(Collectors.toList());
    return down.isEmpty()
        ? Check.pass(id, String.join(", ", ControlPlane.DEPLOYMENTS) + " are available")
        : Check.fail(
            id,
            "no available pod of " + String.join(", ", down) + " (in " + plane.namespace + ")",
            "kubectl -n "
                + plane.namespace
                + " get pods; "
                + ControlPlane.checkCommand(plane.namespace));
  }

  private static Check linkerdConfig(Platform platform) {
    String id = "linkerd-config";
    if (!platform.controlPlane.isKnown()) {
      return Check.skipped(id, "no control plane was found");
    }
    ControlPlane plane = platform.controlPlane.value;
    return plane.config.isKnown()
        ? Check.pass(id, "proxies are of version " + plane.config.value.proxyVersion)
        : Check.skipped(id, plane.config.problem);
  }

  private static Check injectAnnotations(Platform platform) {
    String id = "inject-annotations";
    List<String> wrong =
        namespaces(platform).stream()
            .filter(namespace -> !Annotations.isValid(namespace.inject()))
            .map(namespace -> namespace.name)
            .collect(Collectors.toList());
    if (wrong.isEmpty()) {
      return Check.pass(id, "no namespace has an invalid " + Annotations.INJECT);
    }
    return Check.fail(
        id,
        "namespace "
            + String.join(", ", wrong)
            + ": the value of "
            + Annotations.INJECT
            + " is not one that Linkerd knows, so it injects no pod there",
        "kubectl annotate namespace "
            + wrong.get(0)
            + " --overwrite linkerd.io/inject=enabled; or disabled");
  }

  private static Check webhookSelectors(Platform platform) {
    String id = "webhook-selectors";
    if (!platform.controlPlane.isKnown()) {
      return Check.skipped(id, "no control plane was found");
    }
    List<NamespaceView> excluded =
        namespaces(platform).stream()
            .filter(ns -> !platform.controlPlane.value.namespaceSelector.matches(ns.labels))
            .collect(Collectors.toList());
    if (excluded.isEmpty()) {
      return Check.pass(id, "the injector's webhook selects every namespace of the platform");
    }
    String message =
        "the injector's webhook excludes "
            + excluded.stream()
                .map(ns -> "namespace " + ns.name + ", " + ns.whyExcluded())
                .collect(Collectors.joining("; "));
    String hint = excluded.get(0).howToAdmit();
    boolean all = excluded.size() == namespaces(platform).size();
    return all ? Check.fail(id, message, hint) : Check.warn(id, message, hint);
  }

  private static Check gatewayStrategy(Platform platform, Plan plan) {
    String id = "gateway-strategy";
    if (!platform.gateway.isKnown()) {
      return Check.skipped(id, "no gateway was found");
    }
    Workload gateway = platform.gateway.value;
    if (!gateway.killsBeforeReady) {
      return Check.pass(id, "the old gateway pod serves until the new one is ready");
    }
    return Check.warn(
        id,
        gateway.subject() + ": its strategy stops the old pod before the new one is ready",
        plan.of(Wave.GATEWAY).isEmpty()
            ? "kubectl -n "
                + gateway.namespace
                + " patch deployment "
                + gateway.name
                + " -p '{\"spec\":{\"strategy\":{\"type\":\"RollingUpdate\",\"rollingUpdate\":"
                + "{\"maxUnavailable\":0,\"maxSurge\":1}}}}'"
            : "it is patched only after this answer; calls fail until its new pod is ready");
  }

  private static List<NamespaceView> namespaces(Platform platform) {
    List<NamespaceView> namespaces = new ArrayList<>(platform.functionNamespaces);
    if (platform.gateway.isKnown()) {
      NamespaceView ofGateway = platform.namespaceOf(platform.gateway.value);
      if (!namespaces.contains(ofGateway)) {
        namespaces.add(ofGateway);
      }
    }
    return namespaces;
  }

  /** How far each function namespace is from what mesh_protect asks. Blocks nothing else. */
  private static List<Check> protection(Scope scope, Plan plan) {
    return plan.protections.stream()
        .filter(Protection::isAsked)
        .map(each -> protection(scope, each))
        .collect(Collectors.toList());
  }

  /**
   * Functions that keep a proxy would still refuse a gateway that has lost its own, and policy
   * objects that cannot be read cannot be deleted first.
   */
  private static List<Check> protectionOfRevert(Scope scope) {
    Reading<InboundRules> rules = scope.platform.inboundRules;
    if (rules.isKnown()) {
      return List.of();
    }
    boolean made = scope.policy.protect != Protect.OFF;
    return List.of(
        made ? Check.fail(PROTECTION, rules.problem) : Check.skipped(PROTECTION, rules.problem));
  }

  private static Check protection(Scope scope, Protection it) {
    Protect asked = scope.policy.protect;
    String namespace = "namespace " + it.namespace + ": ";
    if (it.danger != null) {
      return Check.warn(PROTECTION, namespace + it.danger.message, it.danger.hint);
    }
    if (it.needed != null) {
      return Check.warn(PROTECTION, namespace + now(it) + "; " + it.needed, it.needed.hint);
    }
    if (it.hindrance != null && asked != Protect.OFF) {
      Problem why = it.hindrance;
      return Check.warn(PROTECTION, namespace + "nothing is written: " + why, why.hint);
    }
    if (asked == Protect.ENFORCE && !it.obstacles.isEmpty()) {
      return Check.warn(
          PROTECTION,
          namespace + now(it) + opened(scope, it) + "; enforce waits for: " + some(it.obstacles),
          it.obstacles.get(0).hint);
    }
    if (!it.gaps.isEmpty()) {
      return Check.warn(
          PROTECTION, namespace + now(it) + ", but: " + some(it.gaps), it.gaps.get(0).hint);
    }
    String opened = opened(scope, it);
    return opened.isEmpty()
        ? Check.pass(PROTECTION, namespace + now(it) + unprotected(it))
        : Check.warn(
            PROTECTION, namespace + now(it) + opened, "mesh_protect: enforce, or off, ends that");
  }

  /** Without a Server the default policy applies; one that audits admits everybody. */
  private static String opened(Scope scope, Protection it) {
    List<String> policies =
        scope.platform.workloads.stream()
            .filter(w -> w.role == Role.FUNCTION && w.namespace.equals(it.namespace))
            .map(scope.platform::inboundPolicy)
            .filter(policy -> !policy.equals("all-unauthenticated"))
            .distinct()
            .collect(Collectors.toList());
    return it.now == Protect.ENFORCE || policies.isEmpty()
        ? ""
        : ", which allows callers that config.linkerd.io/default-inbound-policy refuses: "
            + policies;
  }

  private static String now(Protection it) {
    String word = it.now.name().toLowerCase(Locale.ROOT);
    return word + (it.since == null ? "" : " since " + it.since);
  }

  private static String unprotected(Protection it) {
    if (it.now != Protect.ENFORCE || it.unprotected.isEmpty()) {
      return "";
    }
    return "; not protected, number of functions: "
        + it.unprotected.size()
        + ", "
        + it.unprotected.stream().limit(NAMED).collect(Collectors.joining(", "));
  }

  private static String some(List<Problem> problems) {
    String more = problems.size() > NAMED ? "; and " + (problems.size() - NAMED) + " more" : "";
    return problems.stream().limit(NAMED).map(Problem::toString).collect(Collectors.joining("; "))
        + more;
  }
}
