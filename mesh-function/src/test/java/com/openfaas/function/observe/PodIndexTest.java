package com.openfaas.function.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.observe.Listing.PodIndex;
import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.Kind;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.PodView.Proxy;
import com.openfaas.function.platform.Sample;
import com.openfaas.function.platform.Selector;
import com.openfaas.function.platform.Selector.Expression;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PodIndexTest {
  private static final Annotated A = new Annotated(Kind.DEPLOYMENT, "openfaas-fn", "a", Map.of());
  private static final Selector SELECTOR = new Selector(Map.of("app", "a"), List.of());

  private final PodIndex index =
      new PodIndex(
          List.of(
              pod("a-1", Map.of("app", "a", "tier", "x")),
              pod("a-2", Map.of("app", "a", "tier", "y")),
              pod("b-1", Map.of("app", "b")),
              pod("bare", Map.of())));

  @Test
  void findsAWorkloadsPodsByAllItsLabels() {
    assertThat(names(Map.of("app", "a"))).containsExactly("a-1", "a-2");
    assertThat(names(Map.of("app", "a", "tier", "y"))).containsExactly("a-2");
    assertThat(names(Map.of("app", "c"))).isEmpty();
    assertThat(names(Map.of("app", "b", "tier", "y"))).isEmpty();
  }

  @Test
  void aSelectorWithoutLabelsLooksAtAll() {
    assertThat(names(Map.of())).containsExactly("a-1", "a-2", "b-1", "bare");
    Selector expression =
        new Selector(Map.of(), List.of(new Expression("tier", "Exists", List.of())));
    assertThat(names(expression)).containsExactly("a-1", "a-2");
  }

  @Test
  void aPodThatChangedItsLabelsIsFoundByTheNewOnesOnly() {
    index.put(pod("a-1", Map.of("app", "b")));
    assertThat(names(Map.of("app", "a"))).containsExactly("a-2");
    assertThat(names(Map.of("app", "b"))).containsExactlyInAnyOrder("a-1", "b-1");
  }

  @Test
  void aPodThatIsGoneIsNotFound() {
    index.remove("a-1");
    index.remove("never-there");
    assertThat(names(Map.of("app", "a"))).containsExactly("a-2");
    assertThat(names(Map.of())).doesNotContain("a-1");
  }

  @Test
  void aDeploymentsPodsAreThoseOfItsReplicaSets() {
    PodIndex pods =
        new PodIndex(
            List.of(
                madeBy("a-1", "ReplicaSet/a-6d9"),
                madeBy("other-hash", "ReplicaSet/a-7c4"),
                madeBy("longer-name", "ReplicaSet/a-b-6d9"),
                madeBy("of-a-job", "Job/a"),
                madeBy("of-a-daemonset", "DaemonSet/a"),
                madeBy("by-hand", null)));
    assertThat(pods.of(A, SELECTOR)).extracting(pod -> pod.name).containsExactly("a-1");
    assertThat(pods.strays(A, SELECTOR))
        .extracting(pod -> pod.name)
        .containsExactly("other-hash", "longer-name", "of-a-job", "of-a-daemonset", "by-hand");
  }

  @Test
  void aDaemonSetsPodsAreItsOwn() {
    Annotated daemonSet = new Annotated(Kind.DAEMON_SET, "openfaas-fn", "a", Map.of());
    PodIndex pods =
        new PodIndex(
            List.of(
                madeBy("a-1", "DaemonSet/a"),
                madeBy("of-another", "DaemonSet/b"),
                madeBy("of-a-deployment", "ReplicaSet/a-6d9")));
    assertThat(pods.of(daemonSet, SELECTOR)).extracting(pod -> pod.name).containsExactly("a-1");
  }

  @Test
  void aPodThatHasFinishedIsNoStray() {
    PodView done =
        new PodView(
            "done", Map.of("app", "a"), Map.of(), Sample.phase(true, false), Proxy.NONE, "");
    assertThat(new PodIndex(List.of(done)).strays(A, SELECTOR)).isEmpty();
  }

  private static PodView madeBy(String name, String controller) {
    return pod(name, Map.of("app", "a", "pod-template-hash", "6d9")).madeBy(controller);
  }

  private List<String> names(Map<String, String> labels) {
    return names(new Selector(labels, List.of()));
  }

  /** Nothing here was made by the workload, so that all that is selected is a stray. */
  private List<String> names(Selector selector) {
    return index.strays(A, selector).stream().map(pod -> pod.name).collect(Collectors.toList());
  }

  private static PodView pod(String name, Map<String, String> labels) {
    return new PodView(name, labels, Map.of(), Sample.phase(false, true), Proxy.NONE, "");
  }
}
