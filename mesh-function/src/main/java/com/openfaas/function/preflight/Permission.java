package com.openfaas.function.preflight;

import com.openfaas.function.cluster.RunLease;
import com.openfaas.function.plan.Plan;
import com.openfaas.function.plan.Step;
import com.openfaas.function.platform.Kind;
import com.openfaas.function.platform.PolicyObject;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceAttributes;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceAttributesBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** A permission a run needs: a verb on a resource in a namespace, for one object or for all. */
public final class Permission {
  public final String namespace;
  public final String group;
  public final String resource;
  public final String verb;

  /** Empty: every object of the namespace. */
  public final String name;

  Permission(String namespace, String group, String resource, String verb, String name) {
    this.namespace = Objects.requireNonNull(namespace);
    this.group = Objects.requireNonNull(group);
    this.resource = Objects.requireNonNull(resource);
    this.verb = Objects.requireNonNull(verb);
    this.name = Objects.requireNonNull(name);
  }

  /** The table: what carrying out the plan needs beyond what observing has already shown. */
  public static List<Permission> neededFor(Plan plan, String ownNamespace) {
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
