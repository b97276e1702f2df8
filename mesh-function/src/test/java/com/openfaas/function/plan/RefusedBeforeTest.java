package com.openfaas.function.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.FailedMark;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Sample;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A namespace, a route or a Service whose change was refused is left as it is")
class RefusedBeforeTest {
  private static final Instant THIS_MORNING = Instant.parse("2026-09-01T06:00:00Z");

  @ParameterizedTest
  @EnumSource
  void itIsNotTriedAgainAndIsNamedAndStopsNothingElse(Refused refused) {
    ObjectNode given = refused.marked(THIS_MORNING);

    Plan plan = plan(given);

    assertThat(refused.subjects(plan)).doesNotContain(refused.subject);
    assertThat(refused.subjects(plan)).contains("deployment openfaas-fn/other");
    assertThat(plan.failed).extracting(object -> object.subject()).contains(refused.subject);
    Problem told = FailedMark.problem(plan.failed.get(plan.failed.size() - 1));
    assertThat(told.message)
        .startsWith("refused at 2026-09-01T06:00:00Z: no; it is not tried again before 2026-09-02");
    assertThat(told.hint).startsWith("kubectl -n ").contains("to try it again: invoke refresh");
  }

  @ParameterizedTest
  @EnumSource
  void aDayLaterItIsTriedAgainAndSuccessTakesTheMarkAway(Refused refused) {
    Step again = refused.step(plan(refused.marked(THIS_MORNING.minusSeconds(86_400))));

    assertThat(again.patch()).contains('"' + Annotations.FAILED + "\":null");
  }

  @ParameterizedTest
  @EnumSource
  void whoeverHasWrittenToItSinceMayHaveEndedWhatWasInTheWay(Refused refused) {
    ObjectNode given = refused.marked(THIS_MORNING).put("writtenByOthers", true);

    assertThat(refused.subjects(plan(given))).contains(refused.subject);
  }

  @ParameterizedTest
  @EnumSource
  void aSignedRefreshTriesItAgain(Refused refused) {
    ObjectNode given = refused.marked(THIS_MORNING);
    given.putObject("ask").put("action", "refresh");

    assertThat(refused.subjects(plan(given))).contains(refused.subject);
  }

  @ParameterizedTest
  @EnumSource
  void anotherChangeIsAnotherTry(Refused refused) {
    String mark = FailedMark.of(Map.of("some", "thing"), THIS_MORNING, "no").toJson();

    assertThat(refused.subjects(plan(refused.marked(mark)))).contains(refused.subject);
  }

  @ParameterizedTest
  @EnumSource
  void garbageIsOneFindingAndNoMark(Refused refused) {
    Plan plan = plan(refused.marked("garbage"));

    assertThat(refused.subjects(plan)).contains(refused.subject);
    assertThat(plan.doubts).extracting(doubt -> doubt.subject).containsExactly(refused.subject);
  }

  @ParameterizedTest
  @EnumSource
  void aRevertTakesTheMarkAway(Refused refused) {
    ObjectNode given = refused.marked(THIS_MORNING);
    given.putObject("ask").put("action", "revert");

    assertThat(refused.step(plan(given)).patch()).contains('"' + Annotations.FAILED + "\":null");
  }

  @Test
  @DisplayName("a controller stays off the mesh with its route, whatever its own mark says")
  void aControllerWaitsForItsRoute() {
    for (Refused route : List.of(Refused.ROUTE, Refused.OVERRIDE)) {
      ObjectNode given = route.marked(THIS_MORNING);
      ((ObjectNode) given.path("workloads").path(0)).putObject("pods").put("unmeshed", 1);

      Plan plan = plan(given);

      assertThat(route.subjects(plan)).noneMatch(subject -> subject.contains("ingress/"));
      assertThat(plan.failed)
          .extracting(object -> object.subject())
          .contains("deployment ingress/controller", route.subject);
    }
  }

  private static Plan plan(ObjectNode given) {
    return new Planner(new Given(given).scope(), Sample.MOMENT).plan();
  }

  /** What an admission may refuse, where all else of it is as it should be. */
  private enum Refused {
    NAMESPACE("namespace openfaas-fn", "/namespaces/openfaas-fn", ""),
    SERVICE(
        "service openfaas-fn/figlet",
        "/services/figlet",
        "policy: {mesh_retries: 5xx}, directFunctions: true"),
    ROUTE("ingress openfaas/faas", "/routes/0/annotations", route("nginx", "k8s.io/ingress-nginx")),
    OVERRIDE(
        "ingress openfaas/faas",
        "/routes/0/annotations",
        route("haproxy", "haproxy.org/ingress-controller"));

    private final String subject;
    private final String place;
    private final String rest;

    Refused(String subject, String place, String rest) {
      this.subject = subject;
      this.place = place;
      this.rest = rest;
    }

    private static String route(String name, String controller) {
      return "policy: {mesh_ingress: apply}, routes: [{name: faas, class: "
          + name
          + ", controller: "
          + controller
          + ", through: ingress/controller, annotations: {}}]";
    }

    private ObjectNode given() {
      String image =
          rest.contains("haproxy")
              ? "haproxytech/kubernetes-ingress:3.1"
              : "registry.k8s.io/ingress-nginx/controller:v1.12.1";
      String ingress =
          "{role: ingress, in: ingress, name: controller, inject: enabled, image: '"
              + image
              + "', pods: {meshed: 1}}";
      String functions =
          "{name: figlet, inject: enabled, pods: {meshed: 1}}, {name: other, pods: {unmeshed: 1}}";
      String yaml =
          "{nats: '4222', namespaces: {openfaas-fn: {}, ingress: {ingress: true}},"
              + " services: {figlet: {}}, workloads: ["
              + (rest.contains("routes") ? ingress + ", " : "")
              + functions
              + "]"
              + (rest.isEmpty() ? "" : ", " + rest)
              + "}";
      try {
        return (ObjectNode) new ObjectMapper(new YAMLFactory()).readTree(yaml);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    ObjectNode marked(Instant at) {
      return marked(FailedMark.of(step(plan(given())).annotations, at, "no").toJson());
    }

    ObjectNode marked(String mark) {
      ObjectNode given = given();
      ((ObjectNode) given.at(place)).put(this == NAMESPACE ? "failed" : Annotations.FAILED, mark);
      return given;
    }

    Step step(Plan plan) {
      return plan.steps.stream()
          .filter(step -> step.subject().equals(subject))
          .findFirst()
          .orElseThrow();
    }

    List<String> subjects(Plan plan) {
      return plan.steps.stream().map(Step::subject).collect(Collectors.toList());
    }
  }
}
