package com.openfaas.function.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.plan.Given;
import com.openfaas.function.plan.Plan;
import com.openfaas.function.plan.Planner;
import com.openfaas.function.platform.Cases;
import com.openfaas.function.platform.Sample;
import com.openfaas.function.preflight.Preflight.Permission;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceAttributes;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceRule;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceRuleBuilder;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a rule of RBAC grants, and what a plan needs. */
class PermissionTest {
  private static final Permission PATCH =
      new Permission("openfaas", "apps", "deployments", "patch", "gateway");
  private static final Permission WATCH = new Permission("openfaas", "", "pods", "watch", "");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "apps   | deployments        | patch     | none     | true",
        "apps   | deployments        | patch     | ''       | true",
        "apps   | deployments        | patch     | gateway  | true",
        "apps   | deployments        | patch     | a,gateway,b | true",
        "apps   | deployments        | patch     | other    | false",
        "apps   | deployments        | get,patch | gateway  | true",
        "apps   | deployments        | get,list  | gateway  | false",
        "apps   | deployments/scale  | patch     | none     | false",
        "apps   | pods               | patch     | none     | false",
        "''     | deployments        | patch     | none     | false",
        "extensions | deployments    | patch     | none     | false",
        "*      | deployments        | patch     | none     | true",
        "apps   | *                  | patch     | none     | true",
        "apps   | deployments        | *         | none     | true",
        "*      | *                  | *         | none     | true",
        "*      | *                  | *         | gateway  | true",
        "*      | *                  | *         | *        | false",
        "none   | deployments        | patch     | none     | false",
      })
  @DisplayName("a patch of one named object")
  void aRuleGrantsAnObject(
      String groups, String resources, String verbs, String names, boolean granted) {
    assertThat(PATCH.grantedBy(rule(groups, resources, verbs, names))).isEqualTo(granted);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "'' | pods | list,watch | none    | true",
        "'' | pods | list       | none    | false",
        "'' | pods | watch      | gateway | false",
        "*  | *    | *          | none    | true",
      })
  @DisplayName("a right on all objects of a namespace is not granted by a rule for some of them")
  void aRuleGrantsANamespace(
      String groups, String resources, String verbs, String names, boolean granted) {
    assertThat(WATCH.grantedBy(rule(groups, resources, verbs, names))).isEqualTo(granted);
  }

  @Test
  void readsAsAnOperatorWouldSayIt() {
    assertThat(PATCH).hasToString("patch deployments.apps gateway in openfaas");
    assertThat(WATCH).hasToString("watch pods in openfaas");
  }

  @Test
  void asksForExactlyThat() {
    assertThat(PATCH.asAttributes())
        .extracting(
            ResourceAttributes::getNamespace,
            ResourceAttributes::getGroup,
            ResourceAttributes::getResource,
            ResourceAttributes::getVerb,
            ResourceAttributes::getName)
        .containsExactly("openfaas", "apps", "deployments", "patch", "gateway");
    assertThat(WATCH.asAttributes().getName()).isNull();
  }

  @Test
  @DisplayName("the table: what the plan of a whole first apply needs")
  void neededForAFirstApply() {
    assertThat(needed("first-apply"))
        .containsOnly(
            "create leases.coordination.k8s.io in openfaas-fn",
            "get leases.coordination.k8s.io mesh-setup in openfaas-fn",
            "update leases.coordination.k8s.io mesh-setup in openfaas-fn",
            "create events.events.k8s.io in openfaas-fn",
            "create events.events.k8s.io in openfaas",
            "list events in openfaas-fn",
            "list events in openfaas",
            "patch deployments.apps env in openfaas-fn",
            "patch deployments.apps figlet in openfaas-fn",
            "patch deployments.apps nodeinfo in openfaas-fn",
            "patch deployments.apps mesh-setup in openfaas-fn",
            "patch deployments.apps queue-worker in openfaas",
            "patch deployments.apps gateway in openfaas",
            "patch namespaces openfaas-fn in openfaas-fn",
            "create pods in openfaas-fn",
            "create pods in openfaas",
            "watch deployments.apps in openfaas-fn",
            "watch deployments.apps in openfaas",
            "watch pods in openfaas-fn",
            "watch pods in openfaas");
  }

  @Test
  void nothingIsNeededForNothing() {
    assertThat(needed("all-meshed")).isEmpty();
  }

  @Test
  @DisplayName("what is not waited for needs no watch")
  void noWatchWhereNothingIsWaitedFor() {
    assertThat(needed("only-the-gateway"))
        .contains("patch deployments.apps gateway in openfaas", "create pods in openfaas")
        .noneMatch(permission -> permission.startsWith("watch"));
    assertThat(needed("only-namespaces"))
        .contains("patch namespaces openfaas-fn in openfaas-fn")
        .noneMatch(permission -> permission.startsWith("watch"));
  }

  private static List<String> needed(String name) {
    Given given = new Given(Cases.yaml(Cases.file("plan/" + name + "/given.yaml")));
    Plan plan = new Planner(given.scope(), Sample.MOMENT).plan();
    return Preflight.needed(plan, "openfaas-fn").stream()
        .map(Permission::toString)
        .collect(Collectors.toList());
  }

  private static ResourceRule rule(String groups, String resources, String verbs, String names) {
    return new ResourceRuleBuilder()
        .withApiGroups(list(groups))
        .withResources(list(resources))
        .withVerbs(list(verbs))
        .withResourceNames(names != null && names.isEmpty() ? List.of() : list(names))
        .build();
  }

  private static List<String> list(String texts) {
    return texts == null ? null : List.of(texts.split(",", -1));
  }
}
