package com.openfaas.function.ingress;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Settings of a route that go by the client's address. Behind Linkerd's inbound proxy every client
 * of a controller is 127.0.0.1 (https://github.com/linkerd/linkerd2/issues/3334), so an allow list
 * shuts everybody out and a limit is shared by all.
 */
public final class ClientAddresses {
  private static final Set<String> KEYS =
      Set.of(
          "nginx.ingress.kubernetes.io/whitelist-source-range",
          "nginx.ingress.kubernetes.io/allowlist-source-range",
          "nginx.ingress.kubernetes.io/denylist-source-range",
          "nginx.ingress.kubernetes.io/limit-connections",
          "nginx.ingress.kubernetes.io/limit-rps",
          "nginx.ingress.kubernetes.io/limit-rpm",
          "haproxy.org/allow-list",
          "haproxy.org/whitelist",
          "haproxy.org/deny-list",
          "haproxy.org/blacklist",
          "haproxy.org/rate-limit-requests",
          "haproxy-ingress.github.io/allowlist-source-range",
          "haproxy-ingress.github.io/whitelist-source-range",
          "haproxy-ingress.github.io/denylist-source-range");

  private ClientAddresses() {}

  /** What stops working on the route once its controller is meshed; empty where nothing does. */
  public static String message(Map<String, String> routeAnnotations) {
    Set<String> used = new TreeSet<>(routeAnnotations.keySet());
    used.retainAll(KEYS);
    return used.isEmpty()
        ? ""
        : "once its controller is meshed every client's address is 127.0.0.1, and this goes by it: "
            + String.join(", ", used);
  }

  /** What keeps the addresses. */
  public static String hint() {
    return "annotate the controller's pod template config.linkerd.io/skip-inbound-ports: \"80,443\","
        + " with the ports its containers listen on: clients' connections then bypass the proxy";
  }
}
