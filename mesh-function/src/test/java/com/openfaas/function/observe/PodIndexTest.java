package com.openfaas.function.observe;

import static org.assertj.core.api.Assertions.assertThat;

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
    assertThat(index.of(expression)).extracting(pod -> pod.name).containsExactly("a-1", "a-2");
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

  private List<String> names(Map<String, String> labels) {
    return index.of(new Selector(labels, List.of())).stream()
        .map(pod -> pod.name)
        .collect(Collectors.toList());
  }

  private static PodView pod(String name, Map<String, String> labels) {
    return new PodView(name, labels, Map.of(), Sample.phase(false, true), Proxy.NONE, "");
  }
}
