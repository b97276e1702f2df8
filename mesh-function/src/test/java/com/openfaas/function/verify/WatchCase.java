package com.openfaas.function.verify;

import static com.openfaas.function.verify.EdgeCase.metrics;

import com.openfaas.function.plan.Given;
import com.openfaas.function.plan.Scope;
import com.openfaas.function.platform.Identity;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.PodView.Proxy;
import com.openfaas.function.platform.Reading;
import com.openfaas.function.platform.Sample;
import com.openfaas.function.platform.SamplePlatform;
import com.openfaas.function.platform.Traffic;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.platform.Workload.Role;
import com.openfaas.function.request.Action;
import com.openfaas.function.request.Invocation;
import com.openfaas.function.request.Invocation.Part;
import com.openfaas.function.verify.EdgeEndpoint.MetricsDelta;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Functions with the proxies of their pods, and what those have told. */
final class WatchCase {
  final List<Workload> functions = new ArrayList<>();
  private final Map<String, List<MetricsDelta>> deltas = new TreeMap<>();

  /** As mesh_callers. */
  String allowed = "";

  void clear() {
    functions.clear();
    deltas.clear();
  }

  Workload workload(String name, Proxy... pods) {
    Sample sample = Sample.of(Role.FUNCTION, "openfaas-fn", name);
    PodView[] views = new PodView[pods.length];
    for (int i = 0; i < pods.length; i++) {
      views[i] = Sample.pod(name + "-" + (i + 1), true, pods[i]);
    }
    Workload workload = sample.pods(views).workload();
    functions.add(workload);
    return workload;
  }

  void read(Workload function, int pod, String... lines) {
    delta(function, pod, metrics(lines));
  }

  void delta(Workload function, int pod, Reading<Metrics> read) {
    PodView of = function.pods.get(pod);
    Identity identity =
        Identity.of(function, of, Reading.of(Sample.plane(Reading.of(Sample.CONFIG))));
    deltas
        .computeIfAbsent(function.key(), key -> new ArrayList<>())
        .add(
            of.isMeshed()
                ? MetricsDelta.of(of, identity, read, read)
                : MetricsDelta.ofPodWithoutProxy(of, identity));
  }

  Watched watched() {
    PodView pod =
        Sample.pod("gateway-1", true, Proxy.READY).reachedAt("10.0.0.1", "openfaas-controller");
    Workload gateway = Sample.of(Role.GATEWAY, "openfaas", "gateway").pods(pod).workload();
    List<Workload> all = new ArrayList<>(functions);
    all.add(gateway);
    Platform platform = SamplePlatform.of(gateway, all, "enabled", Traffic.UNSEEN);
    Scope scope =
        new Scope(
            platform,
            Given.policy(allowed.isEmpty() ? Map.of() : Map.of("mesh_callers", allowed)),
            new Invocation(Action.VERIFY, Set.of(Part.values()), List.of(), 50, null));
    return new FunctionCallers(scope, deltas).of(functions);
  }
}
