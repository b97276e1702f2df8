package com.openfaas.function.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.observe.Observer.Self;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.PodView.Proxy;
import com.openfaas.function.platform.Sample;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which function is mesh-setup itself. */
class SelfTest {
  private static final List<PodView> PODS =
      List.of(pod("renamed-6d9-x", "renamed"), pod("figlet-6d9-y", "figlet"));

  @Test
  void isTheFunctionOfItsOwnPod() {
    Self self = new Self("openfaas-fn", Map.of("HOSTNAME", "renamed-6d9-x"));
    assertThat(self.functionName("openfaas-fn", PODS)).isEqualTo("renamed");
  }

  @Test
  void isTheNameTheProviderTells() {
    Self self =
        new Self("openfaas-fn", Map.of("HOSTNAME", "renamed-6d9-x", "OPENFAAS_NAME", "told"));
    assertThat(self.functionName("openfaas-fn", PODS)).isEqualTo("told");
  }

  @Test
  void isMeshSetupWhereNothingTellsOtherwise() {
    for (Map<String, String> environment :
        List.of(Map.<String, String>of(), Map.of("HOSTNAME", "elsewhere"))) {
      assertThat(new Self("openfaas-fn", environment).functionName("openfaas-fn", PODS))
          .isEqualTo("mesh-setup");
    }
  }

  @Test
  void isNoneOfAnotherNamespacesFunctions() {
    Self self = new Self("openfaas-fn", Map.of("HOSTNAME", "renamed-6d9-x"));
    assertThat(self.functionName("team-a", PODS)).isNull();
  }

  @Test
  void aPodThatIsNoFunctionsTellsNoName() {
    PodView bare = new PodView("p", Map.of(), Map.of(), Sample.phase(false, true), Proxy.NONE, "");
    assertThat(new Self("x", Map.of("HOSTNAME", "p")).functionName("x", List.of(bare)))
        .isEqualTo("mesh-setup");
  }

  private static PodView pod(String name, String function) {
    return new PodView(
        name,
        Map.of("faas_function", function),
        Map.of(),
        Sample.phase(false, true),
        Proxy.NONE,
        "");
  }
}
