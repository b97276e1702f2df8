package com.openfaas.function.platform;

import java.util.List;
import java.util.Map;

/** What of a pod template decides whether Linkerd injects it. */
public final class Template {
  public final Map<String, String> labels;
  public final Map<String, String> annotations;
  public final boolean hostNetwork;

  /** False only where {@code automountServiceAccountToken: false} is written. */
  public final boolean automount;

  /** Names of the containers and init containers. */
  public final List<String> containers;

  public Template(
      Map<String, String> labels,
      Map<String, String> annotations,
      boolean hostNetwork,
      boolean automount,
      List<String> containers) {
    this.labels = Map.copyOf(labels);
    this.annotations = Map.copyOf(annotations);
    this.hostNetwork = hostNetwork;
    this.automount = automount;
    this.containers = List.copyOf(containers);
  }

  public String inject() {
    return annotations.get(Annotations.INJECT);
  }
}
