package com.openfaas.function.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.MeshStatus.State;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.platform.Workload.Role;
import com.openfaas.function.request.Invocation.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What holds of every plan, over the whole cross product of roles, pods, annotations of namespace
 * and pod template, and earlier changes of ours: all of them on one platform, and narrowed.
 */
class PlanPropertiesTest {
  private static final Set<String> TEMPLATE_KEYS =
      Set.of(Annotations.INJECT, Annotations.SKIP_OUTBOUND_PORTS, Annotations.RESTARTED_AT);

  private final Platform platform = EveryPlatform.platform();
  private final Plan plan = EveryPlatform.plan(platform);

  @Test
  void theCrossProductHoldsEveryStateInEveryRole() {
    for (Role role : EnumSet.complementOf(EnumSet.of(Role.INGRESS))) {
      assertThat(platform.workloads.stream().filter(w -> w.role == role))
          .extracting(w -> platform.status(w).state)
          .contains(State.values());
    }
    assertThat(plan.steps).hasSizeGreaterThan(100);
  }

  @Test
  @DisplayName("planning is idempotent: carried out, nothing is left to plan")
  void aPlatformThatBecameMeshedGivesAnEmptyPlan() {
    Platform after = EveryPlatform.carriedOut(platform, plan);
    assertThat(EveryPlatform.plan(after).steps).extracting(Step::subject).isEmpty();
    for (Step step : plan.steps) {
      if (step.workload != null) {
        assertThat(EveryPlatform.find(after, step.workload.key()).template.annotations)
            .containsAllEntriesOf(step.annotations);
      }
    }
  }

  @Test
  void theSamePlatformGivesTheSamePlan() {
    assertThat(patches(EveryPlatform.plan(EveryPlatform.platform()))).isEqualTo(patches(plan));
  }

  @Test
  @DisplayName(
      "order is total: by wave as in the table, then namespace, then name; no object twice")
  void orderIsTotal() {
    List<Step> shuffled = new ArrayList<>(plan.steps);
    shuffled.sort(Comparator.comparing(Step::patch));
    shuffled.sort(
        Comparator.comparing((Step step) -> step.wave)
            .thenComparing(step -> step.namespace)
            .thenComparing(Step::subject));
    assertThat(plan.steps).extracting(Step::subject).containsExactlyElementsOf(subjects(shuffled));
    assertThat(new HashSet<>(subjects(plan.steps))).hasSameSizeAs(plan.steps);
  }

  @Test
  void theWavesAreThoseOfTheTable() {
    assertThat(Arrays.toString(Wave.values()))
        .isEqualTo(
            "[UNPROTECT, PUT_BACK, CANARY, NAMESPACES, FUNCTIONS, SERVICES, OVERRIDES, INGRESS,"
                + " ROUTES, CORE, GATEWAY, PROTECT, SELF]");
    assertThat(Wave.values())
        .filteredOn(wave -> !wave.awaited)
        .containsExactly(Wave.GATEWAY, Wave.PROTECT, Wave.SELF);
    for (Step step : plan.steps) {
      if (step.workload != null && step.wave != Wave.CANARY) {
        assertThat(step.wave.toString())
            .startsWith(step.workload.role.toString().toUpperCase(java.util.Locale.ROOT));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = State.class,
      names = {"OPTED_OUT", "UNSUPPORTED", "IDLE", "ROLLING", "MESHED", "STALE"})
  void noStepForAWorkloadThatIs(State state) {
    for (Workload workload : platform.workloads) {
      if (platform.status(workload).state == state) {
        assertThat(subjects(plan.steps)).doesNotContain(workload.subject());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = State.class,
      names = {"UNMESHED", "PARTIAL"})
  void oneStepForAWorkloadThatIs(State state) {
    for (Workload workload : platform.workloads) {
      if (platform.status(workload).state == state) {
        assertThat(subjects(plan.steps)).contains(workload.subject());
      }
    }
  }

  @Test
  void neverMoreThanOneCanaryAndNeverMeshSetupOrTheGateway() {
    for (boolean proven : new boolean[] {true, false}) {
      Plan some = EveryPlatform.plan(EveryPlatform.platform(proven));
      assertThat(some.of(Wave.CANARY)).hasSize(proven ? 0 : 1);
      assertThat(some.of(Wave.CANARY))
          .allMatch(step -> step.workload.role == Role.FUNCTION)
          .allMatch(step -> step.workload.rollout.isDone())
          .allMatch(step -> step.workload.rollout.wanted == 1);
    }
  }

  @Test
  @DisplayName("previous values undo the step: every key set is recorded as it was")
  void previousUndoesTheStep() {
    for (Step step : plan.steps) {
      Map<String, String> before = EveryPlatform.annotationsBefore(platform, step);
      Map<String, String> undone = new HashMap<>(before);
      undone.putAll(step.annotations);
      for (String key : step.annotations.keySet()) {
        assertThat(step.previous).as(step.subject()).containsKey(key);
        if (step.previous.get(key) == null) {
          undone.remove(key);
        } else {
          undone.put(key, step.previous.get(key));
        }
      }
      Map<String, String> original = new HashMap<>(before);
      EveryPlatform.withoutOurEarlierChanges(step, original);
      step.annotations
          .keySet()
          .forEach(
              key -> assertThat(undone.get(key)).as(step.subject()).isEqualTo(original.get(key)));
    }
  }

  @Test
  @DisplayName("patches are JSON merge patches of our annotations and no more")
  void patchesTouchAnnotationsOnly() {
    for (Step step : plan.steps) {
      JsonObject patch = JsonParser.parseString(step.patch()).getAsJsonObject();
      JsonObject own = annotations(patch);
      if (step.workload == null) {
        assertThat(patch.keySet()).containsExactly("metadata");
        assertThat(own.keySet())
            .containsExactlyInAnyOrder(Annotations.INJECT, Annotations.PREVIOUS);
        assertThat(own.get(Annotations.INJECT).getAsString()).isEqualTo("enabled");
        continue;
      }
      assertThat(patch.keySet()).containsExactly("metadata", "spec");
      boolean timed = step.wave == Wave.GATEWAY && !Previous.takenOff(step).isEmpty();
      assertThat(own.has(Annotations.SET_AT)).isEqualTo(timed);
      assertThat(own.has(Annotations.UNCONFIRMED)).isEqualTo(step.wave == Wave.GATEWAY);
      assertThat(own.has(Annotations.PREVIOUS)).isTrue();
      JsonObject spec = patch.getAsJsonObject("spec");
      assertThat(spec.keySet()).containsExactly("template");
      JsonObject template = annotations(spec.getAsJsonObject("template"));
      assertThat(template.keySet()).isNotEmpty().isSubsetOf(TEMPLATE_KEYS);
      assertThat(template.asMap())
          .allSatisfy((key, value) -> assertThat(value.isJsonPrimitive()).isTrue());
      assertThat(JsonParser.parseString(own.get(Annotations.PREVIOUS).getAsString()).isJsonObject())
          .isTrue();
    }
  }

  @Test
  void anIngressValueIsNeverOverwritten() {
    assertThat(plan.steps)
        .filteredOn(
            step ->
                "ingress"
                    .equals(
                        EveryPlatform.annotationsBefore(platform, step).get(Annotations.INJECT)))
        .isNotEmpty()
        .noneMatch(step -> step.annotations.containsKey(Annotations.INJECT));
  }

  @Test
  void onlyNatsClientsSkipItsPort() {
    for (Step step : plan.steps) {
      boolean client = step.wave == Wave.CORE || step.wave == Wave.GATEWAY;
      String set = step.annotations.get(Annotations.SKIP_OUTBOUND_PORTS);
      assertThat(set != null && !client)
          .isEqualTo(step.wave == Wave.SELF && String.valueOf(set).startsWith("443,6443,"));
      if (client) {
        String ports = step.annotations.get(Annotations.SKIP_OUTBOUND_PORTS);
        String left =
            EveryPlatform.annotationsBefore(platform, step).get(Annotations.SKIP_OUTBOUND_PORTS);
        assertThat((ports == null ? left : ports).split(",")).contains("4222");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(value = Part.class, mode = EnumSource.Mode.EXCLUDE, names = "INGRESS")
  @DisplayName("only narrows: the steps of that part, and each as it was in the whole plan")
  void narrowedToOnePart(Part part) {
    Plan narrowed = EveryPlatform.plan(platform, Set.of(part), List.of());
    assertThat(narrowed.steps).isNotEmpty().allMatch(step -> step.wave.part == part);
    assertThat(patches(narrowed))
        .containsExactlyInAnyOrderElementsOf(
            plan.steps.stream()
                .filter(step -> step.wave.part == part)
                .map(Step::patch)
                .collect(Collectors.toList()));
  }

  private static JsonObject annotations(JsonObject object) {
    JsonObject metadata = object.getAsJsonObject("metadata");
    assertThat(metadata.keySet()).containsExactly("annotations");
    return metadata.getAsJsonObject("annotations");
  }

  private static List<String> subjects(List<Step> steps) {
    return steps.stream().map(Step::subject).collect(Collectors.toList());
  }

  private static List<String> patches(Plan plan) {
    return plan.steps.stream().map(Step::patch).collect(Collectors.toList());
  }
}
