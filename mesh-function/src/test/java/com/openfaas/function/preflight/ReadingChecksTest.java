package com.openfaas.function.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.openfaas.function.plan.Given;
import com.openfaas.function.plan.Plan;
import com.openfaas.function.plan.Planner;
import com.openfaas.function.plan.Scope;
import com.openfaas.function.platform.Cases;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Sample;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The checks that need no request of their own: cases/checks.yaml tells each that is not a pass.
 */
class ReadingChecksTest {
  private static final List<String> IDS =
      List.of(
          "gateway-found",
          "platform-readable",
          "nats-port",
          "control-plane-found",
          "control-plane-available",
          "linkerd-config",
          "inject-annotations",
          "webhook-selectors",
          "gateway-strategy",
          "inbound-policy",
          "ingress",
          "service-features");

  /** Which is there only where something is wrong. */
  private static final String SELDOM = "nats-inbound";

  static Stream<Named<JsonNode>> cases() {
    return StreamSupport.stream(Cases.yaml(Cases.file("checks.yaml")).spliterator(), false)
        .map(given -> Named.of(given.get("is").asText(), given));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void givesTheseChecks(JsonNode given) {
    List<Check> checks = checks(given);
    Map<String, String> expected = new TreeMap<>();
    IDS.forEach(id -> expected.put(id, "pass"));
    // Where a case tells of no route.
    expected.put("ingress", "skipped");
    given.path("but").properties().forEach(e -> expected.put(e.getKey(), e.getValue().asText()));
    Map<String, String> actual = new TreeMap<>();
    checks.forEach(check -> actual.put(check.id, check.status.toString()));
    assertThat(actual).isEqualTo(expected);
    String said = given.path("says").asText();
    assertThat(checks).anyMatch(c -> (c.message + " -> " + c.hint).contains(said));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  @DisplayName("each check has an id and a message; a failed one a hint; their order is the same")
  void everyCheckIsWhole(JsonNode given) {
    List<Check> checks = checks(given);
    assertThat(checks)
        .extracting(check -> check.id)
        .filteredOn(id -> !id.equals(SELDOM))
        .containsExactlyElementsOf(IDS);
    assertThat(checks).allMatch(check -> !check.message.isEmpty());
    assertThat(checks).filteredOn(Check::failed).allMatch(check -> !check.hint.isEmpty());
    assertThat(checks).allMatch(c -> c.failed() == (c.status == Check.Status.FAIL));
  }

  @Test
  @DisplayName("the table has for each check a case that passes and one that does not")
  void theTableGoesThroughEveryCheck() {
    for (String id : IDS) {
      assertThat(cases().map(Named::getPayload).anyMatch(given -> given.path("but").has(id)))
          .as("%s is seen to do other than pass", id)
          .isTrue();
    }
  }

  @Test
  void aRunThatCouldNotLookHasOneFailedCheck() {
    Check check =
        ReadingChecks.unreadable(
            new Problem("unauthorized", "namespaces", "the token is not accepted", "deploy again"));
    assertThat(check.failed()).isTrue();
    assertThat(check.message).isEqualTo("namespaces: the token is not accepted");
    assertThat(check.hint).isEqualTo("deploy again");
  }

  private static List<Check> checks(JsonNode yaml) {
    Scope scope = new Given(yaml).scope();
    Plan plan = new Planner(scope, Sample.MOMENT).plan();
    return ReadingChecks.of(scope, plan);
  }
}
