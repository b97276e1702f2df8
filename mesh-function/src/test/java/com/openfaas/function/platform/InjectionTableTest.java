package com.openfaas.function.platform;

import static com.openfaas.function.platform.MeshStatusTest.assertStatus;

import com.openfaas.function.platform.MeshStatus.Evaluator;
import com.openfaas.function.platform.MeshStatus.State;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The whole truth table of {@code linkerd.io/inject} on namespace and pod template, as the injector
 * decides (linkerd2 pkg/inject/report.go): a bad value on the namespace wins over everything but
 * the operator's "disabled" on the pod, then one on the pod; the pod's word beats the namespace's.
 */
class InjectionTableTest {
  private static final Evaluator EVALUATOR = new Evaluator(Sample.plane(Reading.of(Sample.CONFIG)));

  @ParameterizedTest(name = "namespace {0}, pod {1}: {2} {3}")
  @CsvSource(
      nullValues = "none",
      value = {
        "none,     none,     UNMESHED,    injection_enable_annotation_absent",
        "none,     enabled,  UNMESHED,    annotated_not_injected",
        "none,     ingress,  UNMESHED,    annotated_not_injected",
        "none,     disabled, OPTED_OUT,   injection_disable_annotation_present",
        "none,     True,     UNSUPPORTED, invalid_inject_annotation_at_workload",
        "enabled,  none,     UNMESHED,    annotated_not_injected",
        "enabled,  enabled,  UNMESHED,    annotated_not_injected",
        "enabled,  ingress,  UNMESHED,    annotated_not_injected",
        "enabled,  disabled, OPTED_OUT,   injection_disable_annotation_present",
        "enabled,  Enabled,  UNSUPPORTED, invalid_inject_annotation_at_workload",
        "ingress,  none,     UNMESHED,    annotated_not_injected",
        "ingress,  enabled,  UNMESHED,    annotated_not_injected",
        "ingress,  ingress,  UNMESHED,    annotated_not_injected",
        "ingress,  disabled, OPTED_OUT,   injection_disable_annotation_present",
        "ingress,  '',       UNSUPPORTED, invalid_inject_annotation_at_workload",
        "disabled, none,     OPTED_OUT,   namespace_inject_disabled",
        "disabled, enabled,  UNMESHED,    annotated_not_injected",
        "disabled, ingress,  UNMESHED,    annotated_not_injected",
        "disabled, disabled, OPTED_OUT,   injection_disable_annotation_present",
        "disabled, yes,      UNSUPPORTED, invalid_inject_annotation_at_workload",
        "true,     none,     UNSUPPORTED, invalid_inject_annotation_at_ns",
        "true,     enabled,  UNSUPPORTED, invalid_inject_annotation_at_ns",
        "true,     ingress,  UNSUPPORTED, invalid_inject_annotation_at_ns",
        "true,     disabled, OPTED_OUT,   injection_disable_annotation_present",
        "true,     true,     UNSUPPORTED, invalid_inject_annotation_at_ns",
      })
  @DisplayName("namespace x pod, for a workload whose pods have no proxy")
  void everyCell(String namespace, String pod, State state, String code) {
    assertStatus(
        EVALUATOR.evaluate(
            Sample.function().inject(pod).unmeshed(1).workload(),
            Sample.namespace("openfaas-fn", namespace)),
        state,
        code);
  }
}
