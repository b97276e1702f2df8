package com.openfaas.function.preflight;

import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.cluster.RunLease;
import com.openfaas.function.plan.Plan;
import com.openfaas.function.plan.Step;
import com.openfaas.function.plan.Wave;
import com.openfaas.function.platform.InboundRules.PolicyObject;
import com.openfaas.function.platform.Kind;
import com.openfaas.function.platform.Kubectl;
import com.openfaas.function.platform.Platform;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceAttributes;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceAttributesBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Checks that query the cluster: is the plan allowed, would it work? A failed query means no. */
public final class Preflight {
  private static final String PERMISSIONS = "permissions";

  private final Cluster cluster;
  private final String ownNamespace;

  /**
   * Checks of one run.
   *
   * @param ownNamespace the namespace of the Lease
   */
  public Preflight(Cluster cluster, String ownNamespace) {
    this.cluster = cluster;
    this.ownNamespace = ownNamespace;
  }

  /**
   * Runs the checks in order; after a failure the rest are skipped, as the run is blocked anyway.
   */
  public List<Check> prove(Plan plan, Platform platform) {
    List<Check> checks = new ArrayList<>();
    checks.add(permissions(plan));
    if (!checks.get(0).failed()) {
      checks.addAll(new ProxyChecks(cluster, platform).of(plan));
    }
    Rehearsal rehearsal = new Rehearsal(cluster, platform);
    for (Step step : rehearsed(plan)) {
      boolean failed = checks.stream().anyMatch(Check::failed);
      checks.add(failed ? rehearsal.skipped(step) : rehearsal.check(step));
    }
    if (rehearsed(plan).isEmpty()) {
      checks.add(Check.skipped("rehearsal", "the plan creates no new pods"));
    }
    return checks;
  }

  /** One function of each namespace, as they are created alike; every other workload itself. */
  private static List<Step> rehearsed(Plan plan) {
    Map<String, Step> rehearsed = new LinkedHashMap<>();
    for (Step step : plan.steps) {
      boolean function = step.wave == Wave.CANARY || step.wave == Wave.FUNCTIONS;
      if (step.workload != null && step.wantsProxy()) {
        rehearsed.putIfAbsent(function ? "functions of " + step.namespace : step.subject(), step);
      }
    }
    return List.copyOf(rehearsed.values());
  }

  /** The table: what carrying out the plan needs beyond what observing has already shown. */
  static List<Permission> needed(Plan plan, String ownNamespace) {
    List<Permission> needed = new ArrayList<>();
    if (plan.isEmpty()) {
      return needed;
    }
    String leases = "coordination.k8s.io";
    needed.add(new Permission(ownNamespace, leases, "leases", "create", ""));
    needed.add(new Permission(ownNamespace, leases, "leases", "get", RunLease.NAME));
    needed.add(new Permission(ownNamespace, leases, "leases", "update", RunLease.NAME));
    for (Step step : plan.steps) {
      String namespace = step.namespace;
      needed.add(new Permission(namespace, "events.k8s.io", "events", "create", ""));
      Kind kind = step.object.kind;
      verbs(step)
          .map(verb -> new Permission(namespace, kind.group, kind.resource, verb, step.object.name))
          .forEach(needed::add);
      if (step.workload != null && step.wantsProxy()) {
        needed.add(new Permission(namespace, "", "pods", "create", ""));
      }
      if (step.workload != null && step.wave.awaited) {
        needed.add(new Permission(namespace, "", "events", "list", ""));
        needed.add(new Permission(namespace, kind.group, kind.resource, "watch", ""));
        needed.add(new Permission(namespace, "", "pods", "watch", ""));
      }
    }
    return needed;
  }

  /** Server-side apply creates a missing object by patch, which needs both verbs. */
  private static Stream<String> verbs(Step step) {
    if (!step.object.kind.isMade()) {
      return Stream.of("patch");
    }
    boolean gone = step.annotations.get(PolicyObject.SPEC) == null;
    return gone ? Stream.of("delete") : Stream.of("patch", "create");
  }

  private Check permissions(Plan plan) {
    Map<String, List<Permission>> needed =
        needed(plan, ownNamespace).stream()
            .collect(Collectors.groupingBy(p -> p.namespace, TreeMap::new, Collectors.toList()));
    try {
      List<Permission> lacking = new ArrayList<>();
      for (Map.Entry<String, List<Permission>> entry : needed.entrySet()) {
        lacking.addAll(lacking(entry.getKey(), entry.getValue()));
      }
      if (lacking.isEmpty()) {
        return Check.pass(PERMISSIONS, "everything the plan needs is allowed");
      }
      return Check.fail(
          PERMISSIONS,
          "not allowed: "
              + lacking.stream().map(Permission::toString).collect(Collectors.joining("; ")),
          grants(lacking));
    } catch (ClusterException e) {
      return Check.fail(PERMISSIONS, e.problem);
    }
  }

  /** One Role per object, with all missing verbs. */
  private String grants(List<Permission> lacking) {
    Map<String, List<Permission>> byObject =
        lacking.stream()
            .collect(
                Collectors.groupingBy(
                    p -> String.join(" ", p.namespace, p.group, p.resource, p.name),
                    LinkedHashMap::new,
                    Collectors.toList()));
    return byObject.values().stream()
        .map(
            those ->
                Kubectl.grant(
                    ownNamespace + ":mesh-setup",
                    those.get(0).namespace,
                    those.stream().map(permission -> permission.verb).collect(Collectors.toList()),
                    those.get(0).resource
                        + (those.get(0).group.isEmpty() ? "" : "." + those.get(0).group),
                    those.get(0).name))
        .collect(Collectors.joining(" && "));
  }

  private List<Permission> lacking(String namespace, List<Permission> needed)
      throws ClusterException {
    var rules = cluster.rules(namespace);
    List<Permission> lacking = new ArrayList<>();
    for (Permission permission : needed) {
      boolean granted = rules.getResourceRules().stream().anyMatch(permission::grantedBy);
      // An authorizer that cannot list its rules may still allow it: ask for this one permission.
      if (!granted
          && Boolean.TRUE.equals(rules.getIncomplete())
          && cluster.allowed(permission.asAttributes())) {
        granted = true;
      }
      if (!granted && lacking.stream().noneMatch(p -> p.toString().equals(permission.toString()))) {
        lacking.add(permission);
      }
    }
    return lacking;
  }

  /** A permission a run needs: a verb on a resource in a namespace, for one object or for all. */
  static final class Permission {
    final String namespace;
    final String group;
    final String resource;
    final String verb;

    /** Empty: every object of the namespace. */
    final String name;

    Permission(String namespace, String group, String resource, String verb, String name) {
      this.namespace = Objects.requireNonNull(namespace);
      this.group = Objects.requireNonNull(group);
      this.resource = Objects.requireNonNull(resource);
      this.verb = Objects.requireNonNull(verb);
      this.name = Objects.requireNonNull(name);
    }

    /** Whether an RBAC rule grants it. */
    boolean grantedBy(ResourceRule rule) {
      List<String> names = rule.getResourceNames();
      return holds(rule.getVerbs(), verb)
          && holds(rule.getApiGroups(), group)
          && holds(rule.getResources(), resource)
          && (names == null || names.isEmpty() || names.contains(name));
    }

    ResourceAttributes asAttributes() {
      return new ResourceAttributesBuilder()
          .withNamespace(namespace)
          .withGroup(group)
          .withResource(resource)
          .withVerb(verb)
          .withName(name.isEmpty() ? null : name)
          .build();
    }

    @Override
    public String toString() {
      String object = resource + (group.isEmpty() ? "" : "." + group);
      return verb + " " + object + (name.isEmpty() ? "" : " " + name) + " in " + namespace;
    }

    private static boolean holds(List<String> list, String wanted) {
      return list != null && (list.contains(wanted) || list.contains("*"));
    }
  }
}
