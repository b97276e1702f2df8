package com.openfaas.function.plan;

import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.InboundRules;
import com.openfaas.function.platform.InboundRules.Admission;
import com.openfaas.function.platform.InboundRules.PolicyObject;
import com.openfaas.function.platform.Kind;
import com.openfaas.function.platform.NamespaceView;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.platform.Workload.Role;
import com.openfaas.function.policy.Policy.Protect;
import com.openfaas.function.request.Action;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Who may call the functions of one namespace, by mesh-setup's policy objects: their present state,
 * the desired one, and what prevents it.
 */
public final class Protection {
  /** How long callers are counted before anybody is refused. */
  public static final Duration WATCHED = Duration.ofHours(1);

  public final String namespace;

  /** What our Server there does; {@code OFF} if there is none. */
  public final Protect now;

  /** Since when the three objects are unchanged; null if one is absent. */
  public final Instant since;

  /** Why nothing can be written there; null if it can. */
  public final Problem hindrance;

  /** Why the gateway is or would be refused; null if it is not, or nobody is. */
  public final Problem danger;

  /** Why the Server must stay and admit everybody instead of being deleted; null if it need not. */
  public final Problem needed;

  /** Why nobody may be refused yet. */
  public final List<Problem> obstacles;

  /** What admits others although they should be refused, or will admit them. */
  public final List<Problem> gaps;

  /** Whether the Server refuses callers, and that is not proven yet. */
  public final boolean unproven;

  /** The functions that anybody can still call, each with the reason. */
  public final List<String> unprotected;

  private final Scope scope;
  private final Instant at;
  private final Platform platform;
  private final InboundRules rules;

  private Protection(Scope scope, Instant at, String namespace, List<Problem> more) {
    this.at = at;
    this.scope = scope;
    this.platform = scope.platform;
    this.namespace = namespace;
    boolean read = platform.inboundRules.isKnown();
    this.rules = read ? platform.inboundRules.value : InboundRules.ABSENT;
    PolicyObject server = object(Kind.SERVER);
    this.now = PolicySpec.protect(server.spec());
    boolean refuses = now == Protect.ENFORCE;
    this.since =
        objects().allMatch(PolicyObject::isThere)
            ? objects().map(one -> one.changed).max(Comparator.naturalOrder()).orElseThrow()
            : null;
    this.unproven = refuses && server.object.annotations.containsKey(Annotations.UNPROVEN);
    Obstacles seen = new Obstacles(this, scope, rules);
    this.hindrance = read ? seen.hindrance() : platform.inboundRules.problem;
    this.danger = refuses ? danger() : null;
    this.needed = isOff() ? seen.ofGoing() : null;
    this.gaps = refuses ? seen.gaps() : List.of();
    this.obstacles = refuses ? List.of() : seen.all(at, more);
    this.unprotected =
        functions()
            .filter(function -> function.role == Role.FUNCTION && !isProtected(function))
            .map(function -> function.name + " (" + why(function) + ")")
            .collect(Collectors.toUnmodifiableList());
  }

  /**
   * For every function namespace that is not being deleted.
   *
   * @param at the time, by the API server's clock
   */
  static List<Protection> all(Scope scope, Instant at) {
    return scope.platform.functionNamespaces.stream()
        .filter(each -> !each.terminating)
        .map((NamespaceView each) -> new Protection(scope, at, each.name, List.of()))
        .collect(Collectors.toUnmodifiableList());
  }

  /** The same with more obstacles to refusing anybody. */
  Protection with(List<Problem> more) {
    return new Protection(scope, at, namespace, more);
  }

  /** Whether there is anything to report, now or as desired. */
  public boolean isAsked() {
    return scope.policy.protect != Protect.OFF || now != Protect.OFF;
  }

  private boolean isOff() {
    return scope.policy.protect == Protect.OFF || scope.invocation.action == Action.REVERT;
  }

  /** The desired state; null to leave it as it is. */
  Protect wanted() {
    if (isOff()) {
      return needed == null ? Protect.OFF : Protect.AUDIT;
    }
    if (danger != null) {
      return Protect.AUDIT;
    }
    if (hindrance != null) {
      return null;
    }
    boolean holds = now == Protect.ENFORCE || obstacles.isEmpty();
    return holds && scope.policy.protect == Protect.ENFORCE ? Protect.ENFORCE : Protect.AUDIT;
  }

  /** The same for one object; null for one that is not ours. */
  Protect wanted(Kind kind) {
    boolean late = (hindrance != null || needed != null) && !loosens(kind);
    return late || object(kind).isForeign() ? null : wanted();
  }

  /** Whether the desired state admits somebody again: that comes before everything else. */
  boolean loosens(Kind kind) {
    boolean audits = wanted() == Protect.AUDIT && !PolicySpec.audits(object(Kind.SERVER).spec());
    return wanted() == Protect.OFF || (audits && kind == Kind.SERVER && object(kind).isOurs);
  }

  /** Whether refusing callers comes next, unless one is found who would be cut off. */
  boolean isDue() {
    return now == Protect.AUDIT && wanted() == Protect.ENFORCE;
  }

  /** The spec that an object should have; null if it should not exist. */
  String spec(Kind kind, Protect protect) {
    return protect == Protect.OFF ? null : PolicySpec.of(kind, scope, namespace, protect);
  }

  /** Whether it exists as it should for what the Server does now. */
  boolean isAsWanted(Kind kind) {
    return object(kind).isOurs && Objects.equals(spec(kind, now), object(kind).spec());
  }

  PolicyObject object(Kind kind) {
    return rules.named(kind, namespace);
  }

  /** Null if it is unknown. */
  Workload gateway() {
    return platform.gateway.value;
  }

  Stream<PolicyObject> objects() {
    return Stream.of(Kind.SERVER, Kind.MESH_TLS_AUTHENTICATION, Kind.AUTHORIZATION_POLICY)
        .map(this::object);
  }

  /** The functions that can prove that a call past the gateway is refused. */
  public List<Workload> provable() {
    return functions()
        .filter(function -> function.role == Role.FUNCTION && isProtected(function))
        .filter(function -> !platform.passes(Annotations.OPAQUE_PORTS, function))
        .collect(Collectors.toUnmodifiableList());
  }

  private boolean isProtected(Workload function) {
    return platform.status(function).state.isMeshed() && isCovered(function);
  }

  /** Whether mesh-setup's Server is the one in force for its pods. */
  boolean isCovered(Workload function) {
    return rules.serversOf(function, Platform.PORT).stream()
        .limit(1)
        .anyMatch(server -> server.name.equals(PolicyObject.NAME) && !skips(function));
  }

  /** Then calls bypass its proxy: nobody is refused, and nobody counted. */
  boolean skips(Workload function) {
    return platform.passes(Annotations.SKIP_INBOUND_PORTS, function);
  }

  Stream<Workload> functions() {
    return platform.workloads.stream()
        .filter(w -> w.role.isFunction() && w.namespace.equals(namespace));
  }

  /**
   * If callers are refused, the gateway must not be: checked by its pods and by the objects. Also
   * for functions that are not up: their probes may be what is refused.
   */
  private Problem danger() {
    Workload gateway = gateway();
    if (gateway == null || !PodView.allMeshed(gateway.pods)) {
      return danger("a pod of the gateway has no proxy, and so no identity");
    }
    if (!isAsWanted(Kind.AUTHORIZATION_POLICY)) {
      return danger("authorizationpolicy " + namespace + "/mesh-setup was edited");
    }
    PolicyObject named = object(Kind.MESH_TLS_AUTHENTICATION);
    for (String account : PolicySpec.accounts(gateway)) {
      if (!PolicySpec.admits(named.spec(), account)) {
        return danger(named.object.subject() + " lacks " + account);
      }
    }
    return functions()
        .filter(this::isCovered)
        .map(function -> platform.admission(gateway, true, function))
        .filter(admission -> !admission.is(Admission.Answer.ADMITTED))
        .findFirst()
        .map(admission -> danger("by " + admission.by))
        .orElse(null);
  }

  private Problem danger(String why) {
    return new Problem(
        Code.GATEWAY_REFUSED,
        "server " + namespace + "/" + PolicyObject.NAME,
        "it refuses the gateway: " + why,
        "an apply first allows all callers, and continues from there: invoke apply");
  }

  private String why(Workload function) {
    boolean meshed = platform.status(function).state.isMeshed();
    boolean labelled = function.template.labels.containsKey(Workload.FUNCTION_LABEL);
    if (!meshed) {
      return platform.status(function).state.toString();
    }
    String server = labelled ? "no Server of mesh-setup's" : "its pods have no label faas_function";
    return skips(function) ? "its proxy skips port 8080" : server;
  }
}
