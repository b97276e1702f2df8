package com.openfaas.function.plan;

import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.FailedMark;
import com.openfaas.function.platform.Ports;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.platform.Workload.Role;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The desired annotations of a workload's pod template. */
final class DesiredAnnotations {
  private static final List<String> PORT_LISTS =
      List.of(Annotations.SKIP_OUTBOUND_PORTS, Annotations.SKIP_INBOUND_PORTS);

  private static final String API_SERVER_PORTS = "443,6443";

  private DesiredAnnotations() {}

  /** The annotations to set; empty if all are there, and only a restart is due. */
  static Map<String, String> lacking(Scope scope, Workload workload) {
    Map<String, String> lacking = new TreeMap<>();
    if (!isAskedFor(scope, workload)) {
      lacking.put(Annotations.INJECT, mode(scope, workload));
    }
    for (String key : PORT_LISTS) {
      String skipped = scope.platform.skippedPorts(key, workload);
      if (!Ports.covers(skipped, desiredPorts(scope, workload, key))) {
        lacking.put(key, ports(scope, workload, key, skipped));
      }
    }
    return lacking;
  }

  /** The value that we set for an annotation; a restart mark is always ours. */
  static String ours(Scope scope, Workload workload, String key) {
    switch (key) {
      case Annotations.RESTARTED_AT:
        return workload.template.annotations.get(key);
      case Annotations.INJECT:
        return FailedMark.isDisabledByUs(workload) ? Annotations.DISABLED : mode(scope, workload);
      default:
        String before = Previous.recorded(workload.object).get(key);
        String inherited = scope.platform.namespaceOf(workload).annotations.get(key);
        return ports(scope, workload, key, before == null ? inherited : before);
    }
  }

  /** The value of {@code linkerd.io/inject} that the workload should have. */
  private static String mode(Scope scope, Workload workload) {
    return workload.role == Role.INGRESS ? scope.profile(workload).mode : Annotations.ENABLED;
  }

  /**
   * The port list to set: an annotation replaces the default, so that is included.
   *
   * @param before the list in force; null for the default
   */
  private static String ports(Scope scope, Workload workload, String key, String before) {
    return Ports.union(
        desiredPorts(scope, workload, key), before, scope.platform.defaultSkippedPorts(key));
  }

  /** The pod template's own value stays, in either mode; a namespace's means enabled. */
  private static boolean isAskedFor(Scope scope, Workload workload) {
    String ofNamespace = scope.platform.namespaceOf(workload).inject();
    return Annotations.asksForInjection(workload.template.inject())
        || (workload.template.inject() == null
            && Annotations.asksForInjection(ofNamespace)
            && (workload.role != Role.INGRESS || mode(scope, workload).equals(ofNamespace)));
  }

  private static String desiredPorts(Scope scope, Workload workload, String key) {
    boolean outbound = key.equals(Annotations.SKIP_OUTBOUND_PORTS);
    if (workload.role == Role.INGRESS) {
      return outbound
          ? scope.profile(workload).podAnnotations.getOrDefault(key, "")
          : scope.policy.ingressSkipInboundPorts;
    }
    if (workload.role == Role.SELF) {
      // The repair must not depend on what it repairs: without linkerd-destination, a new pod of
      // ours would not reach the API server through its own proxy. Linkerd's own control plane
      // skips the same ports.
      return outbound ? Ports.union(API_SERVER_PORTS, scope.policy.apiServerPort) : "";
    }
    // In NATS the server speaks first, which makes Linkerd's protocol detection time out. Its
    // clients bypass their proxies, so its own proxy, if any, must not intercept them.
    boolean nats =
        outbound ? scope.platform.isNatsClient(workload) : scope.platform.isNatsServer(workload);
    return nats ? scope.platform.natsPortsOrNone() : "";
  }
}
