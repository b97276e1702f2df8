package com.openfaas.function.platform;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What of a pod template decides whether Linkerd injects it. */
public final class Template {
  public final Map<String, String> labels;
  public final Map<String, String> annotations;
  public final boolean hostNetwork;

  /** False only where {@code automountServiceAccountToken: false} is written. */
  public final boolean automount;

  /** Containers and init containers. */
  public final List<Container> containers;

  public Template(
      Map<String, String> labels,
      Map<String, String> annotations,
      boolean hostNetwork,
      boolean automount,
      List<Container> containers) {
    this.labels = Map.copyOf(labels);
    this.annotations = Map.copyOf(annotations);
    this.hostNetwork = hostNetwork;
    this.automount = automount;
    this.containers = List.copyOf(containers);
  }

  public String inject() {
    return annotations.get(Annotations.INJECT);
  }

  public boolean hasContainer(String name) {
    return containers.stream().anyMatch(container -> container.name.equals(name));
  }

  /** What of a container tells what runs in it. */
  public static final class Container {
    public final String name;
    public final String image;

    /** The ports it says it listens on. */
    public final Set<Integer> ports;

    public Container(String name, String image, Set<Integer> ports) {
      this.name = Objects.requireNonNull(name);
      this.image = Objects.requireNonNull(image);
      this.ports = Set.copyOf(ports);
    }
  }
}
