package com.openfaas.function.plan;

import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.NamespaceView;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.PodView.Proxy;
import com.openfaas.function.platform.Reading;
import com.openfaas.function.platform.Sample;
import com.openfaas.function.platform.Traffic;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.platform.Workload.Role;
import com.openfaas.function.platform.Workload.Rollout;
import com.openfaas.function.request.Action;
import com.openfaas.function.request.Invocation;
import com.openfaas.function.request.Invocation.Part;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A platform that has a workload for each cell of a cross product, and what carrying out does. */
final class EveryPlatform {
  private static final String[] INJECT = {null, "enabled", "ingress", "disabled", "bogus"};
  private static final String[] PODS = {
    "unmeshed", "two", "meshed", "partial", "stale", "rolling", "idle"
  };

  /** A record of ours from before, with the value that was there before that. */
  private static final String[] PREVIOUS = {null, "{\"linkerd.io/inject\":null}"};

  private static final String[] SKIP = {null, "5432", "4222,4567,4568"};

  private EveryPlatform() {}

  static Platform platform() {
    return platform(true);
  }

  /**
   * @param proven whether functions may be meshed already, which makes a canary needless
   */
  static Platform platform(boolean proven) {
    List<Workload> workloads = new ArrayList<>();
    for (Role role : Role.values()) {
      for (String namespace : INJECT) {
        for (String pod : INJECT) {
          for (String pods : PODS) {
            addVariants(workloads, role, namespace, pod, pods);
          }
        }
      }
    }
    // Controllers are found by routes, and have cases of their own.
    workloads.removeIf(w -> w.role == Role.INGRESS);
    workloads.removeIf(w -> !proven && w.role == Role.FUNCTION && w.name.contains("-meshed-"));
    return platform(workloads, Map.of());
  }

  private static void addVariants(
      List<Workload> workloads, Role role, String namespace, String pod, String pods) {
    for (int previous = 0; previous < PREVIOUS.length; previous++) {
      for (int skip = 0; skip < SKIP.length; skip++) {
        String name = role + "-" + pod + "-" + pods + "-" + previous + skip;
        Sample sample =
            Sample.of(role, namespaceName(namespace), name)
                .inject(pod)
                .annotated(Annotations.SKIP_OUTBOUND_PORTS, SKIP[skip]);
        if (PREVIOUS[previous] != null) {
          sample.ownAnnotation(Annotations.PREVIOUS, PREVIOUS[previous]);
        }
        workloads.add(withPods(sample, pods).workload());
      }
    }
  }

  private static Sample withPods(Sample sample, String pods) {
    switch (pods) {
      case "unmeshed":
        return sample.unmeshed(1);
      case "two":
        return sample.unmeshed(2);
      case "meshed":
        return sample.meshed(1);
      case "partial":
        return sample.meshed(1).unmeshed(1);
      case "stale":
        return sample.pods(Sample.proxied("old", "edge-25.1.1", "aa11"));
      case "rolling":
        return sample
            .unmeshed(1)
            .pods(Sample.pod("new", false, Proxy.NOT_READY))
            .rollout(new Rollout(1, 2, 1, 1, true, false, ""));
      default:
        return sample;
    }
  }

  private static Platform platform(List<Workload> workloads, Map<String, String> changed) {
    List<NamespaceView> namespaces = new ArrayList<>();
    for (String inject : INJECT) {
      String name = namespaceName(inject);
      namespaces.add(Sample.namespace(name, changed.getOrDefault(name, inject)));
    }
    return new Platform(
        Reading.of(workloads.get(workloads.size() - 1)),
        Reading.of(Sample.plane(Reading.of(Sample.CONFIG))),
        Reading.of("4222"),
        new Platform.Namespaces(namespaces.get(0), namespaces, List.of()),
        workloads,
        Traffic.UNSEEN,
        Platform.ReadErrors.NONE);
  }

  private static String namespaceName(String inject) {
    return "ns-" + (inject == null ? "none" : inject);
  }

  static Plan plan(Platform platform) {
    return plan(platform, Set.of(), List.of());
  }

  static Plan plan(Platform platform, Set<Part> only, List<String> functions) {
    Invocation invocation = new Invocation(Action.APPLY, only, functions, 50, null);
    return new Planner(new Scope(platform, Given.policy(Map.of()), invocation), Sample.MOMENT)
        .plan();
  }

  /** The platform after every step, with an injector that acts as Linkerd's. */
  static Platform carriedOut(Platform before, Plan plan) {
    Map<String, Step> steps = new HashMap<>();
    plan.steps.forEach(step -> steps.put(step.subject(), step));
    Map<String, String> namespaces = new HashMap<>();
    before.functionNamespaces.stream()
        .filter(ns -> steps.containsKey("namespace " + ns.name))
        .forEach(ns -> namespaces.put(ns.name, "enabled"));
    List<Workload> workloads = new ArrayList<>();
    for (Workload workload : before.workloads) {
      Step step = steps.get(workload.subject());
      workloads.add(step == null ? workload : rolledOut(workload, step));
    }
    return platform(workloads, namespaces);
  }

  private static Workload rolledOut(Workload workload, Step step) {
    Sample sample = Sample.of(workload.role, workload.namespace, workload.name);
    Map<String, String> template = new HashMap<>(workload.template.annotations);
    template.putAll(step.annotations);
    template.forEach(sample::annotated);
    return sample.meshed(workload.rollout.wanted).workload();
  }

  static Workload find(Platform platform, String key) {
    return platform.workloads.stream().filter(w -> w.key().equals(key)).findFirst().orElseThrow();
  }

  /** The annotations that the step is about to change. */
  static Map<String, String> annotationsBefore(Platform platform, Step step) {
    return step.workload != null
        ? step.workload.template.annotations
        : platform.functionNamespaces.stream()
            .filter(ns -> ns.name.equals(step.namespace))
            .findFirst()
            .orElseThrow()
            .annotations;
  }

  /** As it was before the change of ours that the record tells of. */
  static void withoutOurEarlierChanges(Step step, Map<String, String> annotations) {
    if (step.workload != null
        && step.workload.object.annotations.containsKey(Annotations.PREVIOUS)) {
      annotations.remove(Annotations.INJECT);
    }
  }
}
