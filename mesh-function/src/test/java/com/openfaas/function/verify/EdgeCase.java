package com.openfaas.function.verify;

import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.ControlPlane;
import com.openfaas.function.platform.ControlPlane.LinkerdConfig;
import com.openfaas.function.platform.Identity;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.PodView.Proxy;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Reading;
import com.openfaas.function.platform.Sample;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.platform.Workload.Role;
import com.openfaas.function.verify.EdgeEndpoint.MetricsDelta;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The edge from a gateway to a function, of pods and metrics that a test says. */
final class EdgeCase {
  static final String TRUST = ".serviceaccount.identity.linkerd.cluster.local";
  static final String GATEWAY_ID = "openfaas-controller.openfaas" + TRUST;
  static final String FUNCTION_ID = "default.openfaas-fn" + TRUST;

  private final Workload gateway =
      Sample.of(Role.GATEWAY, "openfaas", "gateway").meshed(1).workload();
  private final Workload function;
  private final List<MetricsDelta> ofGateway = new ArrayList<>();
  private final List<MetricsDelta> ofFunction = new ArrayList<>();
  private Reading<ControlPlane> plane = Reading.of(Sample.plane(Reading.of(Sample.CONFIG)));
  private Problem unanswered;

  private EdgeCase(String function) {
    this.function = Sample.of(Role.FUNCTION, "openfaas-fn", function).meshed(1).workload();
  }

  static EdgeCase to(String function) {
    return new EdgeCase(function);
  }

  /** Linkerd's ConfigMap cannot be read: its trust domain is not known. */
  EdgeCase trustDomainUnknown() {
    plane = Reading.of(Sample.plane(Reading.<LinkerdConfig>failed(problem("forbidden"))));
    return this;
  }

  EdgeCase gateway(Reading<Metrics> before, Reading<Metrics> after) {
    PodView pod = pod("gateway-" + (ofGateway.size() + 1), Proxy.READY, "10.0.1.1");
    ofGateway.add(delta(gateway, pod.reachedAt(pod.ip, "openfaas-controller"), before, after));
    return this;
  }

  EdgeCase gatewayWithoutProxy() {
    PodView pod = pod("gateway-0", Proxy.NONE, "10.0.1.9");
    ofGateway.add(MetricsDelta.ofPodWithoutProxy(pod, Identity.of(gateway, pod, plane)));
    return this;
  }

  EdgeCase pod(String name, String ip, Reading<Metrics> before, Reading<Metrics> after) {
    ofFunction.add(delta(function, pod(name, Proxy.READY, ip), before, after));
    return this;
  }

  /** Its proxy lets callers of those ports pass by. */
  EdgeCase podSkipping(String ports, Reading<Metrics> metrics) {
    Map<String, String> skip = Map.of(Annotations.SKIP_INBOUND_PORTS, ports);
    PodView pod =
        new PodView("figlet-1", Map.of(), skip, Sample.phase(false, true), Proxy.READY, "");
    ofFunction.add(delta(function, pod.reachedAt("10.0.2.1", null), metrics, metrics));
    return this;
  }

  EdgeCase podWithoutProxy(String name) {
    PodView pod = pod(name, Proxy.NONE, "10.0.2.9");
    ofFunction.add(MetricsDelta.ofPodWithoutProxy(pod, Identity.of(function, pod, plane)));
    return this;
  }

  EdgeCase unanswered() {
    unanswered = problem("health_unanswered");
    return this;
  }

  EdgeEvaluation evaluate() {
    return new EdgeEvaluation(
        new EdgeEndpoint(gateway, ofGateway, "invoke apply"),
        new EdgeEndpoint(function, ofFunction, "invoke apply"),
        unanswered);
  }

  private MetricsDelta delta(
      Workload of, PodView pod, Reading<Metrics> before, Reading<Metrics> after) {
    return MetricsDelta.of(pod, Identity.of(of, pod, plane), before, after);
  }

  static PodView pod(String name, Proxy proxy, String ip) {
    return Sample.pod(name, true, proxy).reachedAt(ip, null);
  }

  static Reading<Metrics> metrics(String... lines) {
    return Reading.of(Metrics.of(Stream.of(lines)));
  }

  static Reading<Metrics> unread(String code) {
    return Reading.failed(problem(code));
  }

  private static Problem problem(String code) {
    return new Problem(code, "deployment openfaas-fn/figlet", "it is not so", "make it so");
  }
}
