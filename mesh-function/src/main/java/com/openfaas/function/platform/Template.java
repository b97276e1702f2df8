package com.openfaas.function.platform;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What of a pod template decides whether Linkerd injects it. */
public final class Template {
  public final Map<String, String> labels;
  public final Map<String, String> annotations;
  public final boolean hostNetwork;

  /** False only for {@code automountServiceAccountToken: false}. */
  public final boolean automount;

  /** The service account of its pods, which is their mesh identity. */
  public final String account;

  /** Containers and init containers. */
  public final List<Container> containers;

  private final String hash;

  /**
   * A pod template.
   *
   * @param hash of all of it except our annotations; empty if unknown
   */
  public Template(
      Map<String, String> labels,
      Map<String, String> annotations,
      boolean hostNetwork,
      boolean automount,
      String account,
      List<Container> containers,
      String hash) {
    this.labels = Map.copyOf(labels);
    this.annotations = Map.copyOf(annotations);
    this.hostNetwork = hostNetwork;
    this.automount = automount;
    this.account = account.isEmpty() ? "default" : account;
    this.containers = List.copyOf(containers);
    this.hash = Objects.requireNonNull(hash);
  }

  public String inject() {
    return annotations.get(Annotations.INJECT);
  }

  /**
   * Shows whether somebody else has changed it: a change of our annotations leaves it the same.
   *
   * @param restored our annotations with other values by then; null if absent
   */
  String hash(Map<String, String> restored) {
    Map<String, String> all = new HashMap<>(annotations);
    all.putAll(restored);
    List<String> ports =
        List.of(
            String.valueOf(all.get(Annotations.SKIP_OUTBOUND_PORTS)),
            String.valueOf(all.get(Annotations.SKIP_INBOUND_PORTS)));
    return hash + "-" + Integer.toHexString(ports.hashCode());
  }

  public boolean hasContainer(String name) {
    return containers.stream().anyMatch(container -> container.name.equals(name));
  }

  /** Whether a container has the port by that name. */
  public boolean isNamed(int port, String name) {
    return containers.stream().anyMatch(container -> name.equals(container.ports.get(port)));
  }

  /** What of a container shows what it runs. */
  public static final class Container {
    public final String name;
    public final String image;

    /** Its declared ports with their names, which may be empty. */
    public final Map<Integer, String> ports;

    public Container(String name, String image, Map<Integer, String> ports) {
      this.name = Objects.requireNonNull(name);
      this.image = Objects.requireNonNull(image);
      this.ports = Map.copyOf(ports);
    }
  }
}
