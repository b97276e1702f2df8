package com.openfaas.function.preflight;

import com.openfaas.function.plan.Plan;
import com.openfaas.function.plan.Scope;
import com.openfaas.function.plan.Wave;
import com.openfaas.function.platform.MeshStatus.State;
import com.openfaas.function.platform.NetworkRules;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Whether NetworkPolicies admit the meshed gateway to meshed functions: it dials port 4143 of a
 * meshed pod, not 8080 (linkerd2 since 2.18, {@code outboundTransportMode: transport-header}),
 * while probes and callers without a proxy still dial 8080, so they do not reveal it. Functions
 * without a proxy are dialled at 8080 as before, and so are all of them in another mode or with
 * Linkerd before 2.18: there no policy blocks more than before. Pure.
 */
final class NetworkCheck {
  private static final String ID = "network-policy";
  private static final int FUNCTION_PORT = 8080;
  private static final int PROXY_PORT = 4143;

  private NetworkCheck() {}

  /** Empty if no policy selects a function. */
  static List<Check> of(Scope scope, Plan plan) {
    Platform platform = scope.platform;
    if (!platform.networkRules.isKnown()) {
      return List.of(Check.skipped(ID, platform.networkRules.problem));
    }
    if (platform.networkRules.value.isEmpty()
        || !platform.gateway.isKnown()
        || !dialsProxies(platform)) {
      return List.of();
    }
    Set<String> cut = new TreeSet<>();
    Set<String> open = new TreeSet<>();
    platform.workloads.stream()
        .filter(workload -> workload.role.isFunction() && isToBeMeshed(platform, workload))
        .forEach(function -> judge(platform, function, cut, open));
    if (!cut.isEmpty()) {
      return List.of(cut(platform, plan, cut));
    }
    return open.isEmpty()
        ? List.of()
        : List.of(
            Check.pass(
                ID,
                some(open)
                    + " admits the gateway on port 4143, through which a meshed caller reaches"
                    + " every port of the pods: its other ports no longer restrict callers on the"
                    + " mesh"));
  }

  private static boolean dialsProxies(Platform platform) {
    return !platform.controlPlane.isKnown()
        || platform.controlPlane.value.configOrDefaults().defaults.dialsProxies;
  }

  private static boolean isToBeMeshed(Platform platform, Workload function) {
    State state = platform.status(function).state;
    return state != State.OPTED_OUT && state != State.UNSUPPORTED;
  }

  private static void judge(
      Platform platform, Workload function, Set<String> cut, Set<String> open) {
    List<NetworkRules> policies =
        platform.networkRules.value.stream()
            .filter(policy -> policy.selects(function))
            .collect(Collectors.toList());
    List<String> names = policies.stream().map(NetworkRules::subject).collect(Collectors.toList());
    if (!policies.isEmpty() && admits(platform, policies, PROXY_PORT)) {
      open.addAll(names);
    } else if (!policies.isEmpty() && admits(platform, policies, FUNCTION_PORT)) {
      cut.addAll(names);
    }
  }

  private static boolean admits(Platform platform, List<NetworkRules> policies, int port) {
    Workload gateway = platform.gateway.value;
    return policies.stream()
        .anyMatch(policy -> policy.admits(gateway, platform.namespaceOf(gateway), port));
  }

  /**
   * Only a warning if the gateway is meshed already and the plan changes nothing: it is too late to
   * stop.
   */
  private static Check cut(Platform platform, Plan plan, Set<String> policies) {
    String message =
        some(policies)
            + " admits the gateway on port 8080 and not on 4143, which a meshed gateway dials:"
            + " every call to a meshed function would fail";
    String hint =
        "add {protocol: TCP, port: 4143} to the ports of its rule for the gateway: kubectl -n "
            + new ArrayList<>(policies)
                .get(0)
                .replaceFirst("networkpolicy (.+)/(.+)", "$1 edit networkpolicy $2");
    boolean meshed = platform.status(platform.gateway.value).state.isMeshed();
    boolean changes =
        !plan.of(Wave.GATEWAY).isEmpty()
            || !plan.of(Wave.CANARY).isEmpty()
            || !plan.of(Wave.FUNCTIONS).isEmpty();
    return meshed && !changes ? Check.warn(ID, message, hint) : Check.fail(ID, message, hint);
  }

  private static String some(Set<String> policies) {
    return policies.stream().limit(3).collect(Collectors.joining(", "));
  }
}
