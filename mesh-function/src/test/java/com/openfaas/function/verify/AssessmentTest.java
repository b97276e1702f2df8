package com.openfaas.function.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.platform.Identity;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.Reading;
import com.openfaas.function.platform.Sample;
import com.openfaas.function.platform.Traffic;
import com.openfaas.function.platform.Traffic.Calls;
import com.openfaas.function.platform.Traffic.IngressView;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.platform.Workload.Role;
import com.openfaas.function.verify.Edge.Mtls;
import com.openfaas.function.verify.EdgeEndpoint.MetricsDelta;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A gateway off the mesh is one failure, which says how to bring it back")
class AssessmentTest {
  private static final List<Workload> FUNCTIONS =
      List.of(
          Sample.of(Role.FUNCTION, "openfaas-fn", "env").meshed(1).workload(),
          Sample.of(Role.FUNCTION, "openfaas-fn", "figlet").meshed(1).workload());

  @Test
  void byItsPodTemplate() {
    Workload gateway =
        Sample.of(Role.GATEWAY, "openfaas", "gateway").inject("disabled").unmeshed(1).workload();
    assertFails(gateway, null, "kubectl -n openfaas patch deployment gateway --type merge -p '{");
  }

  @Test
  void byItsNamespace() {
    Workload gateway = Sample.of(Role.GATEWAY, "openfaas", "gateway").unmeshed(1).workload();
    assertFails(
        gateway, "disabled", "kubectl annotate namespace openfaas linkerd.io/inject-; then invoke");
  }

  @Test
  void becauseItNeverHadAProxy() {
    Workload gateway = Sample.of(Role.GATEWAY, "openfaas", "gateway").unmeshed(1).workload();
    assertFails(gateway, null, "invoke apply; then invoke verify");
  }

  @Test
  @DisplayName("a function that has opted out fails nothing")
  void aFunctionMayStayOut() {
    Workload gateway =
        Sample.of(Role.GATEWAY, "openfaas", "gateway").inject("enabled").meshed(1).workload();
    Workload out =
        Sample.of(Role.FUNCTION, "openfaas-fn", "out").inject("disabled").unmeshed(1).workload();
    Proof proof = proof(platform(gateway, null, List.of(out)), List.of(out));
    assertThat(proof.edges).extracting(edge -> edge.mtls).containsExactly(Mtls.PLAINTEXT);
    assertThat(proof.errors).isEmpty();
  }

  private static void assertFails(Workload gateway, String ofNamespace, String hint) {
    Platform platform = platform(gateway, ofNamespace, FUNCTIONS);
    Proof proof = proof(platform, FUNCTIONS);
    assertThat(proof.edges).extracting(edge -> edge.mtls).containsOnly(Mtls.PLAINTEXT);
    assertThat(proof.edges).allMatch(edge -> Proof.isDue(platform, edge));
    assertThat(proof.errors)
        .hasSize(1)
        .allMatch(error -> error.subject.equals(gateway.subject()))
        .allMatch(error -> error.hint.startsWith(hint));
  }

  private static Proof proof(Platform platform, List<Workload> functions) {
    Map<String, List<MetricsDelta>> deltas = new TreeMap<>();
    for (Workload workload : platform.workloads) {
      for (PodView pod : workload.pods) {
        Identity identity = Identity.of(workload, pod, platform.controlPlane);
        Reading<Metrics> nothing = Reading.of(Metrics.NOTHING);
        deltas
            .computeIfAbsent(workload.key(), key -> new ArrayList<>())
            .add(
                pod.isMeshed()
                    ? MetricsDelta.of(pod, identity, nothing, nothing)
                    : MetricsDelta.ofPodWithoutProxy(pod, identity));
      }
    }
    return new Assessment(platform, deltas, Map.of())
        .proof(functions, caller -> false, Sample.MOMENT, Watched.NOTHING);
  }

  private static Platform platform(Workload gateway, String ofNamespace, List<Workload> functions) {
    List<Workload> workloads = new ArrayList<>(functions);
    workloads.add(gateway);
    return new Platform(
        Reading.of(gateway),
        Reading.of(Sample.plane(Reading.of(Sample.CONFIG))),
        Reading.of(""),
        new Platform.Namespaces(
            Sample.namespace("openfaas", ofNamespace),
            List.of(Sample.namespace("openfaas-fn", "enabled")),
            List.of()),
        workloads,
        new Traffic(IngressView.OFF, Calls.TO_PODS),
        Platform.ReadErrors.NONE);
  }
}
