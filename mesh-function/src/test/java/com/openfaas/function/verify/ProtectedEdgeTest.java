package com.openfaas.function.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.platform.Identity;
import com.openfaas.function.platform.InboundRules;
import com.openfaas.function.platform.InboundRules.Server;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.PodView.Proxy;
import com.openfaas.function.platform.Reading;
import com.openfaas.function.platform.Sample;
import com.openfaas.function.platform.SamplePlatform;
import com.openfaas.function.platform.Selector;
import com.openfaas.function.platform.Traffic;
import com.openfaas.function.platform.Traffic.Calls;
import com.openfaas.function.platform.Traffic.IngressView;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.platform.Workload.Role;
import com.openfaas.function.verify.EdgeEndpoint.MetricsDelta;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An edge is protected where a Server refuses strangers, and the proxies judge by it")
class ProtectedEdgeTest {
  private static final Workload GATEWAY =
      Sample.of(Role.GATEWAY, "openfaas", "gateway").meshed(1).workload();

  @Test
  @DisplayName("port 8080 taken from a proxy, or a pod that can have none: told as not counted")
  void whoCallsPastEachProxyIsToldAsNotCounted() {
    WatchCase watch = new WatchCase();
    for (String key : List.of("skip-inbound-ports", "opaque-ports", "host")) {
      Sample of = Sample.of(Role.FUNCTION, "openfaas-fn", key).inject("enabled");
      Sample own = key.equals("host") ? of.hostNetwork() : of;
      own.annotated("config.linkerd.io/" + key, "1-9000");
      Proxy proxy = key.equals("host") ? Proxy.NONE : Proxy.READY;
      watch.functions.add(own.pods(pod(key + "-1", proxy)).workload());
      watch.delta(watch.functions.get(watch.functions.size() - 1), 0, Reading.of(Metrics.NOTHING));
    }
    String sees = "its proxy sees no requests on port 8080, by the annotation config.linkerd.io/";
    assertThat(watch.watched().unwatched)
        .extracting(problem -> problem.message)
        .containsExactly(
            sees + "skip-inbound-ports",
            sees + "opaque-ports",
            "Linkerd cannot mesh it: hostNetwork is enabled");
    assertThat(watch.watched().unwatched.get(2).hint).contains("host_network_enabled");
  }

  @Test
  void whereItDeniesAndTheProxySaysSo() {
    assertThat(isOn(function(true), "deny", "mesh-setup")).isTrue();
  }

  @Test
  @DisplayName("audit, or any of the words that let strangers in, protects nobody")
  void aServerThatLetsStrangersInProtectsNobody() {
    for (String access : List.of("audit", "all-unauthenticated", "all-authenticated")) {
      assertThat(isOn(function(true), access, "mesh-setup")).as(access).isFalse();
    }
  }

  @Test
  @DisplayName("stored, and the policy controller away: the proxies judge by something else")
  void aStoredServerWithoutEffectProtectsNobody() {
    assertThat(isOn(function(true), "deny", "all-unauthenticated")).isFalse();
    assertThat(isOn(function(true), "deny", null)).isFalse();
  }

  @Test
  @DisplayName("whoever drops the label of functions is not selected, and not protected")
  void withoutTheLabelNothingIsProtected() {
    assertThat(isOn(function(false), "deny", "all-unauthenticated")).isFalse();
    assertThat(isOn(function(false), "deny", "mesh-setup")).isFalse();
  }

  @Test
  void aPodWithoutAProxyIsNotProtected() {
    Workload function =
        labelled(true).pods(pod("env-1", Proxy.READY), pod("env-2", Proxy.NONE)).workload();
    assertThat(isOn(function, "deny", "mesh-setup")).isFalse();
  }

  private static Workload function(boolean labelled) {
    return labelled(labelled).pods(pod("env-1", Proxy.READY)).workload();
  }

  private static Sample labelled(boolean yes) {
    return Sample.of(Role.FUNCTION, "openfaas-fn", "env")
        .labelled(yes ? "faas_function" : "app", "env");
  }

  private static PodView pod(String name, Proxy proxy) {
    return Sample.pod(name, true, proxy);
  }

  /**
   * @param told by which Server the proxies let in what came; null: nothing came
   */
  private static boolean isOn(Workload function, String access, String told) {
    Server server =
        new Server(
            "openfaas-fn",
            "mesh-setup",
            Map.of(),
            Instant.EPOCH,
            new Selector(
                Map.of(), List.of(new Selector.Expression("faas_function", "Exists", List.of()))),
            "8080",
            access);
    Platform platform =
        platform(function, new InboundRules(List.of(server), List.of(), Map.of(), true, List.of()));
    List<MetricsDelta> deltas = new ArrayList<>();
    for (PodView pod : function.pods) {
      Identity identity = Identity.of(function, pod, platform.controlPlane);
      Reading<Metrics> nothing = Reading.of(Metrics.NOTHING);
      deltas.add(
          pod.isMeshed()
              ? MetricsDelta.of(
                  pod, identity, nothing, told == null ? nothing : EdgeCase.metrics(let(told)))
              : MetricsDelta.ofPodWithoutProxy(pod, identity));
    }
    return new Assessment(platform, Map.of(), Map.of())
        .isProtected(new EdgeEndpoint(function, deltas, ""));
  }

  private static String let(String server) {
    return "inbound_http_authz_allow_total{target_port=\"8080\",srv_name=\""
        + server
        + "\",route_name=\"probe\",authz_kind=\"default\",authz_name=\"probe\",tls=\"true\","
        + "client_id=\"x\"} 1";
  }

  private static Platform platform(Workload function, InboundRules rules) {
    return SamplePlatform.of(
        GATEWAY,
        List.of(GATEWAY, function),
        "enabled",
        new Traffic(IngressView.OFF, Calls.TO_PODS, Reading.of(List.of()), Reading.of(rules)));
  }
}
