package com.openfaas.function.preflight;

import com.openfaas.function.plan.Plan;
import com.openfaas.function.plan.Protection;
import com.openfaas.function.plan.Scope;
import com.openfaas.function.platform.InboundRules;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Reading;
import com.openfaas.function.platform.Workload.Role;
import com.openfaas.function.policy.Policy.Protect;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** How far each function namespace is from what mesh_protect asks. Blocks nothing else. Pure. */
final class ProtectionChecks {
  private static final String ID = "protection";
  private static final int NAMED = 3;

  private ProtectionChecks() {}

  static List<Check> of(Scope scope, Plan plan) {
    return plan.protections.stream()
        .filter(Protection::isAsked)
        .map(protection -> of(scope, protection))
        .collect(Collectors.toList());
  }

  /**
   * Functions that keep a proxy would still refuse a gateway that has lost its own, and policy
   * objects that cannot be read cannot be deleted first.
   */
  static List<Check> ofRevert(Scope scope) {
    Reading<InboundRules> rules = scope.platform.inboundRules;
    if (rules.isKnown()) {
      return List.of();
    }
    boolean made = scope.policy.protect != Protect.OFF;
    return List.of(made ? Check.fail(ID, rules.problem) : Check.skipped(ID, rules.problem));
  }

  private static Check of(Scope scope, Protection it) {
    Protect asked = scope.policy.protect;
    String namespace = "namespace " + it.namespace + ": ";
    if (it.danger != null) {
      return Check.warn(ID, namespace + it.danger.message, it.danger.hint);
    }
    if (it.needed != null) {
      return Check.warn(ID, namespace + now(it) + "; " + it.needed, it.needed.hint);
    }
    if (it.hindrance != null && asked != Protect.OFF) {
      Problem why = it.hindrance;
      return Check.warn(ID, namespace + "nothing is written: " + why, why.hint);
    }
    if (asked == Protect.ENFORCE && !it.obstacles.isEmpty()) {
      return Check.warn(
          ID,
          namespace + now(it) + opened(scope, it) + "; enforce waits for: " + some(it.obstacles),
          it.obstacles.get(0).hint);
    }
    if (!it.gaps.isEmpty()) {
      return Check.warn(ID, namespace + now(it) + ", but: " + some(it.gaps), it.gaps.get(0).hint);
    }
    String opened = opened(scope, it);
    return opened.isEmpty()
        ? Check.pass(ID, namespace + now(it) + unprotected(it))
        : Check.warn(ID, namespace + now(it) + opened, "mesh_protect: enforce, or off, ends that");
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
