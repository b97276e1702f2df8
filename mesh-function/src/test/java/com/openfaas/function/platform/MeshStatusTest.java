package com.openfaas.function.platform;

import static com.openfaas.function.platform.Sample.pod;
import static com.openfaas.function.platform.Sample.proxied;
import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.platform.MeshStatus.Evaluator;
import com.openfaas.function.platform.MeshStatus.State;
import com.openfaas.function.platform.PodView.Proxy;
import com.openfaas.function.platform.Workload.Rollout;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every state of a workload, judged by its pods and not by its annotations. */
class MeshStatusTest {
  private static final Evaluator EVALUATOR = new Evaluator(Sample.plane(Reading.of(Sample.CONFIG)));
  private static final NamespaceView PLAIN = Sample.namespace("openfaas-fn", null);
  private static final NamespaceView ENABLED = Sample.namespace("openfaas-fn", "enabled");

  @Test
  void isMeshedWhenEveryReadyPodHasAReadyProxy() {
    assertStatus(Sample.function().meshed(3), State.MESHED, "");
  }

  @Test
  @DisplayName("the annotation alone meshes nothing: the control plane came later")
  void isUnmeshedThoughAnnotated() {
    assertStatus(
        Sample.function().inject("enabled").unmeshed(2), State.UNMESHED, "annotated_not_injected");
    assertStatus(
        EVALUATOR.evaluate(Sample.function().unmeshed(2).workload(), ENABLED),
        State.UNMESHED,
        "annotated_not_injected");
  }

  @Test
  void isUnmeshedWhenNothingAsksForInjection() {
    assertStatus(
        Sample.function().unmeshed(1), State.UNMESHED, "injection_enable_annotation_absent");
  }

  @Test
  void isMeshedByItsPodsThoughNothingAsksForInjection() {
    assertStatus(Sample.function().meshed(1), State.MESHED, "");
  }

  @Test
  void isPartialWhenOnlySomePodsHaveAProxy() {
    assertStatus(Sample.function().meshed(1).unmeshed(2), State.PARTIAL, "some_pods_unmeshed");
    assertThat(evaluate(Sample.function().meshed(1).unmeshed(2)).message)
        .isEqualTo("1 of 3 ready pods have a ready proxy");
  }

  @Test
  void aProxyThatIsNotReadyMeshesNothing() {
    assertStatus(
        Sample.function().pods(pod("a", true, Proxy.NOT_READY)),
        State.UNMESHED,
        "injection_enable_annotation_absent");
  }

  @Test
  void podsThatLeaveOrAreNotReadyDoNotCount() {
    PodView leaving =
        new PodView("old", Map.of(), Map.of(), Sample.phase(true, true), Proxy.NONE, "");
    PodView starting = pod("new", false, Proxy.NONE);
    assertStatus(Sample.function().meshed(1).pods(leaving, starting), State.MESHED, "");
  }

  @ParameterizedTest
  @CsvSource({"1,1,0,1,true", "1,2,1,1,true", "2,2,2,1,true", "1,1,1,1,false", "1,0,0,0,true"})
  @DisplayName("is rolling until kubectl rollout status would call it done")
  void isRolling(int wanted, int existing, int updated, int available, boolean observed) {
    assertStatus(
        Sample.function()
            .meshed(1)
            .rollout(new Rollout(wanted, existing, updated, available, observed, false, "")),
        State.ROLLING,
        "rollout_under_way");
  }

  @Test
  void isRollingWhenDoneYetNoPodIsSeen() {
    assertStatus(
        Sample.function().rollout(new Rollout(1, 1, 1, 1, true, false, "")),
        State.ROLLING,
        "rollout_under_way");
  }

  @Test
  void isStuckWithThePodsOwnReason() {
    PodView crashing =
        new PodView(
            "p", Map.of(), Map.of(), Sample.phase(false, false), Proxy.NONE, "CrashLoopBackOff");
    MeshStatus status =
        evaluate(
            Sample.function()
                .unmeshed(1)
                .pods(crashing)
                .rollout(new Rollout(1, 2, 1, 1, true, false, "ProgressDeadlineExceeded: late")));
    assertStatus(status, State.ROLLING, "rollout_stuck");
    assertThat(status.message)
        .isEqualTo("1 of 1 pods updated, 1 available; pod p: CrashLoopBackOff");
  }

  @Test
  void isStuckWithTheDeploymentsComplaintWhereNoPodSaysWhy() {
    MeshStatus status =
        evaluate(
            Sample.function()
                .rollout(new Rollout(1, 0, 0, 0, true, false, "FailedCreate: exceeded quota")));
    assertStatus(status, State.ROLLING, "rollout_stuck");
    assertThat(status.message).endsWith("; FailedCreate: exceeded quota");
  }

  @Test
  void isStaleByItsProxysVersion() {
    MeshStatus status = evaluate(Sample.function().pods(proxied("p", "edge-25.1.1", "aa11")));
    assertStatus(status, State.STALE, "proxy_version_differs");
    assertThat(status.message).isEqualTo("proxy edge-25.1.1, control plane edge-26.8.1");
  }

  @Test
  @DisplayName("a pinned proxy version is the operator's word: a pod of that version is not stale")
  void isMeshedByThePinnedVersion() {
    NamespaceView pinned =
        new NamespaceView(
            "openfaas-fn",
            Map.of(),
            Map.of("config.linkerd.io/proxy-version", "edge-25.1.1"),
            false);
    Workload old = Sample.function().pods(proxied("p", "edge-25.1.1", "aa11")).workload();
    assertThat(EVALUATOR.evaluate(old, PLAIN).state).isEqualTo(State.STALE);
    assertThat(EVALUATOR.evaluate(old, pinned).state).isEqualTo(State.MESHED);

    MeshStatus other = EVALUATOR.evaluate(Sample.function().meshed(1).workload(), pinned);
    assertStatus(other, State.STALE, "proxy_version_differs");
    assertThat(other.message).isEqualTo("proxy edge-26.8.1, pinned to edge-25.1.1");
  }

  @Test
  void isStaleByItsTrustRoot() {
    assertStatus(
        Sample.function().pods(proxied("p", "edge-26.8.1", "bb22")),
        State.STALE,
        "trust_root_differs");
  }

  @Test
  void isStaleWhenOnePodOfSeveralIs() {
    assertStatus(
        Sample.function().meshed(2).pods(proxied("p", "edge-25.1.1", "aa11")),
        State.STALE,
        "proxy_version_differs");
  }

  @Test
  @DisplayName("versions are not judged without linkerd-config, nor by pods that tell none")
  void isNotStaleWhereNothingCanBeCompared() {
    Problem forbidden = new Problem("forbidden", "configmap linkerd/linkerd-config", "no", "");
    Evaluator unread = new Evaluator(Sample.plane(Reading.failed(forbidden)));
    Workload old = Sample.function().pods(proxied("p", "edge-25.1.1", "bb22")).workload();
    assertThat(unread.evaluate(old, PLAIN).state).isEqualTo(State.MESHED);
    assertThat(new Evaluator(null).evaluate(old, PLAIN).state).isEqualTo(State.MESHED);
    assertStatus(Sample.function().pods(pod("p", true, Proxy.READY)), State.MESHED, "");
  }

  @Test
  void isIdleWithoutReplicas() {
    assertStatus(Sample.function(), State.IDLE, "no_replicas");
    assertStatus(Sample.function().inject("enabled"), State.IDLE, "no_replicas");
  }

  @Test
  void isOptedOutByItsTemplateWhateverItsPodsAre() {
    for (Sample sample :
        new Sample[] {Sample.function().unmeshed(1), Sample.function().meshed(1)}) {
      assertStatus(
          sample.inject("disabled"), State.OPTED_OUT, "injection_disable_annotation_present");
    }
    assertStatus(
        Sample.function().inject("disabled"),
        State.OPTED_OUT,
        "injection_disable_annotation_present");
  }

  static MeshStatus evaluate(Sample sample) {
    return EVALUATOR.evaluate(sample.workload(), PLAIN);
  }

  private static void assertStatus(Sample sample, State state, String code) {
    assertStatus(evaluate(sample), state, code);
  }

  static void assertStatus(MeshStatus status, State state, String code) {
    assertThat(status.state).as(status.message).isEqualTo(state);
    assertThat(status.code).isEqualTo(code);
  }
}
