package com.openfaas.function.platform;

import java.util.List;

/** A platform of the usual two namespaces, on a control plane that is up. */
public final class SamplePlatform {
  private SamplePlatform() {}

  /**
   * One of these workloads.
   *
   * @param workloads all of them, the gateway among them
   * @param inject the annotation of openfaas-fn; null: none
   */
  public static Platform of(
      Workload gateway, List<Workload> workloads, String inject, Traffic traffic) {
    return new Platform(
        Reading.of(gateway),
        Reading.of(Sample.plane(Reading.of(Sample.CONFIG))),
        Reading.of(""),
        new Platform.Namespaces(
            Sample.namespace("openfaas", null),
            List.of(Sample.namespace("openfaas-fn", inject)),
            List.of()),
        workloads,
        traffic,
        Platform.ReadErrors.NONE);
  }
}
