package com.openfaas.function.platform;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A Deployment of the platform, or the DaemonSet of an ingress controller, with its pods. */
public final class Workload {
  /** The label of OpenFaaS functions (faas-netes pkg/k8s/function_list.go). */
  public static final String FUNCTION_LABEL = "faas_function";

  public final Role role;

  /** The object, with its own annotations (not the pod template's). */
  public final Annotated object;

  public final String namespace;
  public final String name;

  public final Selector selector;
  public final Template template;
  public final Rollout rollout;

  /** Whether a rollout can stop the last serving pod before a new one is ready. */
  public final boolean killsBeforeReady;

  public final List<PodView> pods;

  public Workload(Role role, Annotated object, Spec spec, Rollout rollout, List<PodView> pods) {
    this.role = Objects.requireNonNull(role);
    this.object = Objects.requireNonNull(object);
    this.namespace = object.namespace;
    this.name = object.name;
    this.selector = spec.selector;
    this.template = spec.template;
    this.killsBeforeReady = spec.killsBeforeReady;
    this.rollout = Objects.requireNonNull(rollout);
    this.pods = List.copyOf(pods);
  }

  /** mesh-setup itself among these; empty if it was not observed. */
  public static Optional<Workload> self(Collection<Workload> workloads) {
    return workloads.stream().filter(workload -> workload.role == Role.SELF).findFirst();
  }

  /** {@code namespace/name}. */
  public String key() {
    return namespace + "/" + name;
  }

  /** A function's path on the gateway. */
  public String gatewayPath() {
    return "/function/" + name + "." + namespace;
  }

  /** Its name in messages, unique in a plan. */
  public String subject() {
    return object.subject();
  }

  /** The command that describes it, or a function's pods, which say why they do not come up. */
  public String describe() {
    return "kubectl -n "
        + namespace
        + (role.isFunction()
            ? " describe pods -l " + FUNCTION_LABEL + "=" + name
            : " describe " + object.kind.word() + " " + name);
  }

  /** The Deployment's desired state. */
  public static final class Spec {
    public final Selector selector;
    public final Template template;
    final boolean killsBeforeReady;

    public Spec(Selector selector, Template template, boolean killsBeforeReady) {
      this.selector = Objects.requireNonNull(selector);
      this.template = Objects.requireNonNull(template);
      this.killsBeforeReady = killsBeforeReady;
    }
  }

  /** The command that opts it in again; empty if it is not opted out. */
  public String optIn(NamespaceView of) {
    if (Annotations.DISABLED.equals(template.inject())) {
      return "kubectl -n "
          + namespace
          + " patch "
          + object.kind.word()
          + " "
          + name
          + " --type merge -p"
          + " '{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"linkerd.io/inject\":null}}}}}'";
    }
    return Annotations.DISABLED.equals(of.inject()) && template.inject() == null
        ? "kubectl annotate namespace " + namespace + " linkerd.io/inject-"
        : "";
  }

  /** A hint for meshing it: what is opted out must be opted in first. */
  public String howToMesh(NamespaceView of) {
    String optIn = optIn(of);
    return (optIn.isEmpty() ? "" : optIn + "; then ") + "invoke apply";
  }

  /** The role of a workload in the platform, in the order of the report. */
  public enum Role {
    FUNCTION,
    CORE,
    INGRESS,
    SELF,
    GATEWAY;

    /** Whether it is an OpenFaaS function: mesh-setup is one, too. */
    public boolean isFunction() {
      return this == FUNCTION || this == SELF;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The progress of a rollout, by its own status. */
  public static final class Rollout {
    public final int wanted;
    public final int existing;
    public final int updated;
    public final int available;

    /** Whether the status is of the newest spec. */
    public final boolean observed;

    /** Whether a change would not roll out: a paused Deployment, or a DaemonSet with OnDelete. */
    public final boolean paused;

    private final boolean first;

    /** The controller's complaint (deadline, rejected pods); empty if there is none. */
    public final String complaint;

    public Rollout(
        int wanted,
        int existing,
        int updated,
        int available,
        boolean observed,
        boolean paused,
        String complaint) {
      this(wanted, existing, updated, available, observed, paused, complaint, false);
    }

    private Rollout(
        int wanted,
        int existing,
        int updated,
        int available,
        boolean observed,
        boolean paused,
        String complaint,
        boolean first) {
      this.wanted = wanted;
      this.existing = existing;
      this.updated = updated;
      this.available = available;
      this.observed = observed;
      this.paused = paused;
      this.complaint = Objects.requireNonNull(complaint);
      this.first = first;
    }

    /**
     * The same, with what {@code kubectl rollout status} does not show.
     *
     * @param first whether the newest pod template has never been fully available
     */
    public Rollout first(boolean first) {
      return new Rollout(wanted, existing, updated, available, observed, paused, complaint, first);
    }

    /** Whether the newest pod template has never been fully available; false if unknown. */
    public boolean isFirst() {
      return first;
    }

    /** As {@code kubectl rollout status} decides it. */
    public boolean isDone() {
      return observed && updated == wanted && existing == wanted && available == wanted;
    }
  }

  /** What of a pod template decides whether Linkerd injects it. */
  public static final class Template {
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
}
