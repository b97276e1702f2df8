package com.openfaas.function.platform;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A NetworkPolicy's ingress rules for the pods it selects. If any policy selects a pod, only
 * traffic that some rule of one of them admits gets in
 * (https://kubernetes.io/docs/concepts/services-networking/network-policies/).
 */
public final class NetworkRules {
  public final String namespace;
  public final String name;
  private final Selector pods;
  private final List<Rule> rules;

  public NetworkRules(String namespace, String name, Selector pods, List<Rule> rules) {
    this.namespace = Objects.requireNonNull(namespace);
    this.name = Objects.requireNonNull(name);
    this.pods = Objects.requireNonNull(pods);
    this.rules = List.copyOf(rules);
  }

  public boolean selects(Workload workload) {
    return namespace.equals(workload.namespace) && pods.matches(workload.template.labels);
  }

  /** Whether a rule admits the caller's pods on the TCP port. */
  public boolean admits(Workload caller, NamespaceView itsNamespace, int port) {
    return rules.stream()
        .anyMatch(
            rule ->
                rule.admits(port)
                    && (rule.from.isEmpty()
                        || rule.from.stream()
                            .anyMatch(peer -> peer.is(caller, itsNamespace, namespace))));
  }

  /** {@code networkpolicy namespace/name}. */
  public String subject() {
    return "networkpolicy " + namespace + "/" + name;
  }

  /** One entry of {@code ingress}. */
  public static final class Rule {
    final List<Peer> from;
    private final List<int[]> ranges;
    private final boolean everyPort;

    /**
     * An entry.
     *
     * @param from empty for everywhere
     * @param ranges first and last port of each TCP entry, names resolved
     * @param everyPort whether the entry has no ports at all
     */
    public Rule(List<Peer> from, List<int[]> ranges, boolean everyPort) {
      this.from = List.copyOf(from);
      this.ranges = List.copyOf(ranges);
      this.everyPort = everyPort;
    }

    boolean admits(int port) {
      return everyPort || ranges.stream().anyMatch(r -> r[0] <= port && port <= r[1]);
    }
  }

  /** One entry of {@code from}. */
  public static final class Peer {
    private final Selector namespaces;
    private final Selector pods;
    private final boolean addresses;

    /**
     * An entry.
     *
     * @param namespaces null for the policy's own
     * @param pods null for all
     * @param addresses whether it is an ipBlock. Whether that matches pods depends on the network
     *     plugin; it is assumed to, so a port it does not admit is still reported.
     */
    public Peer(Selector namespaces, Selector pods, boolean addresses) {
      this.namespaces = namespaces;
      this.pods = pods;
      this.addresses = addresses;
    }

    boolean is(Workload caller, NamespaceView itsNamespace, String own) {
      if (addresses) {
        return true;
      }
      boolean inside =
          namespaces == null
              ? caller.namespace.equals(own)
              : namespaces.matches(itsNamespace.labels);
      Map<String, String> labels = caller.template.labels;
      return inside && (pods == null || pods.matches(labels));
    }
  }
}
