package com.openfaas.function.preflight;

import com.openfaas.function.ingress.GatewayRoute;
import com.openfaas.function.plan.Plan;
import com.openfaas.function.plan.Scope;
import com.openfaas.function.plan.Step;
import com.openfaas.function.platform.InboundRules;
import com.openfaas.function.platform.InboundRules.Admission;
import com.openfaas.function.platform.InboundRules.Admission.Answer;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.platform.Workload.Role;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Whether the proxies admit their callers: the gateway at the functions, and the ingress
 * controllers at the gateway. Under {@code deny} a Server and an AuthorizationPolicy that admit
 * them are a correct set-up (https://linkerd.io/2-edge/features/server-policy/). Pure.
 */
final class InboundCheck {
  private static final String ID = "inbound-policy";

  private final Scope scope;
  private final Platform platform;
  private final Set<String> coming;

  private final Set<String> early = new TreeSet<>();
  private final Set<String> open = new TreeSet<>();

  // Each with what to do about it.
  private final Map<String, String> shut = new TreeMap<>();
  private final Map<String, String> cut = new TreeMap<>();
  private final Map<String, String> unread = new TreeMap<>();
  private final Map<String, String> unsure = new TreeMap<>();

  private InboundCheck(Scope scope, Plan plan) {
    this.scope = scope;
    this.platform = scope.platform;
    this.coming =
        plan.steps.stream()
            .filter(step -> step.workload != null && step.wantsProxy())
            .map(Step::subject)
            .collect(Collectors.toSet());
  }

  static Check of(Scope scope, Plan plan) {
    InboundCheck check = new InboundCheck(scope, plan);
    scope.platform.workloads.forEach(check::judge);
    return check.result();
  }

  private void judge(Workload called) {
    if (scope.wants(called) && !comes(called) && platform.waitsForGateway(called)) {
      early.add(called.subject());
    }
    List<Workload> callers = callers(called);
    callers.forEach(caller -> judge(called, caller));
    if (callers.isEmpty()
        && comes(called)
        && platform.inboundPolicy(called).equals("deny")
        && !isGuarded(called)) {
      shut.put(
          called.subject() + " would allow no caller (deny)",
          "admit its callers by a Server and an AuthorizationPolicy; " + toSee(called));
    }
  }

  private List<Workload> callers(Workload called) {
    if (called.role.isFunction()) {
      return platform.gateway.isKnown() ? List.of(platform.gateway.value) : List.of();
    }
    return called.role != Role.GATEWAY
        ? List.of()
        : scope.routes.stream()
            .map((GatewayRoute route) -> route.view.controller)
            .filter(Objects::nonNull)
            .collect(Collectors.toList());
  }

  private void judge(Workload called, Workload caller) {
    Admission then = platform.admission(caller, isMeshedThen(caller), called);
    if (!comes(called) && !(isMeshed(called) && objects() != null)) {
      return;
    }
    if (then.is(Answer.UNCERTAIN)) {
      unsure.put(called.subject() + " lets " + caller.subject() + " in: " + then.by, toSee(called));
    } else if (then.is(Answer.REFUSED)) {
      refused(called, caller, then.by);
    } else if (isGuarded(called)) {
      open.add(then.by);
    }
  }

  private void refused(Workload called, Workload caller, String by) {
    if (objects() == null && isAsOthers(called)) {
      unread.put(called.subject(), toSee(called));
      return;
    }
    String unmeshed = isMeshedThen(caller) ? "" : ", which is not on the mesh";
    String sentence =
        called.subject() + " refuses " + caller.subject() + unmeshed + " (" + by + ")";
    String hint =
        isMeshedThen(caller)
            ? "admit the identity "
                + platform.identity(caller)
                + " by a Server and an AuthorizationPolicy"
            : "bring " + caller.subject() + " onto the mesh first";
    (comes(called) || comes(caller) ? shut : cut).put(sentence, hint + "; " + toSee(called));
  }

  private static String toSee(Workload called) {
    return "who is allowed: linkerd authz -n "
        + called.namespace
        + " "
        + called.object.kind.word()
        + "/"
        + called.name;
  }

  private boolean isMeshed(Workload workload) {
    return platform.status(workload).state.isMeshed();
  }

  private boolean isMeshedThen(Workload workload) {
    return isMeshed(workload) || comes(workload);
  }

  private boolean comes(Workload workload) {
    return coming.contains(workload.subject());
  }

  /** Null if the policy objects were not read, or their CRDs are not installed. */
  private InboundRules objects() {
    boolean known = platform.inboundRules.isKnown() && platform.inboundRules.value.installed;
    return known ? platform.inboundRules.value : null;
  }

  private boolean isGuarded(Workload called) {
    return objects() != null && !objects().serversOf(called, Platform.PORT).isEmpty();
  }

  /**
   * Whether the gateway and other functions of the namespace are meshed under the same policy: the
   * operator must then have created objects that admit the gateway, or no call would succeed.
   */
  private boolean isAsOthers(Workload called) {
    return called.role.isFunction()
        && platform.gateway.isKnown()
        && isMeshed(platform.gateway.value)
        && platform.workloads.stream()
            .filter(w -> w.role.isFunction() && w.namespace.equals(called.namespace))
            .filter(this::isMeshed)
            .anyMatch(w -> platform.inboundPolicy(w).equals(platform.inboundPolicy(called)));
  }

  private Check result() {
    if (!shut.isEmpty()) {
      return Check.fail(ID, "requests would be refused: " + some(shut.keySet()), hint(shut));
    }
    if (!cut.isEmpty()) {
      return Check.warn(ID, "requests are refused: " + some(cut.keySet()), hint(cut));
    }
    if (!unread.isEmpty()) {
      return Check.warn(
          ID,
          "not read: whether a Server and an AuthorizationPolicy admit the gateway to "
              + some(unread.keySet())
              + "; other functions are meshed under the same policy",
          "see that they cover the function, too; " + hint(unread));
    }
    if (!unsure.isEmpty()) {
      return Check.warn(
          ID,
          "not decided by what was read: whether " + some(unsure.keySet()),
          unsure.values().iterator().next());
    }
    return early.isEmpty()
        ? resultOfOthers()
        : Check.warn(
            ID,
            "the gateway is meshed first, because these proxies would refuse a caller without one: "
                + some(early),
            "nothing to do: the same apply goes on with them when the gateway is confirmed");
  }

  private Check resultOfOthers() {
    List<String> blinded = blinded();
    if (!blinded.isEmpty()) {
      return Check.warn(
          ID,
          "not on the mesh, and so refused by the gateway's proxy: " + String.join(", ", blinded),
          "name it in mesh_core, or allow its port by a Server and an AuthorizationPolicy");
    }
    if (!platform.inboundRules.isKnown()) {
      return Check.skipped(ID, platform.inboundRules.problem);
    }
    return open.isEmpty()
        ? Check.pass(ID, "no caller without a proxy is refused")
        : Check.pass(ID, "callers are allowed by " + some(open));
  }

  /** What to do about the first of the sentences. */
  private String hint(Map<String, String> sentences) {
    return sentences.values().iterator().next() + grant();
  }

  /** Added where unread policy objects may explain the result. */
  private String grant() {
    return platform.inboundRules.isKnown() ? "" : "; " + platform.inboundRules.problem.hint;
  }

  /** Neighbours of the gateway without a proxy, if its policy requires one. */
  private List<String> blinded() {
    String policy =
        platform.gateway.isKnown() ? platform.inboundPolicy(platform.gateway.value) : "";
    boolean asks = policy.endsWith("-authenticated") || policy.equals("deny");
    return platform.calls.neighbours.stream()
        .filter(neighbour -> asks && !platform.isNatsServer(neighbour))
        .filter(neighbour -> neighbour.pods.stream().anyMatch(p -> p.isServing() && !p.isMeshed()))
        .map(Workload::subject)
        .collect(Collectors.toList());
  }

  private static String some(Set<String> sentences) {
    return sentences.stream().limit(3).collect(Collectors.joining("; "));
  }
}
