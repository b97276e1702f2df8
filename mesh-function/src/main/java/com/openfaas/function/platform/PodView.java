package com.openfaas.function.platform;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What of a pod says whether it serves, and through which proxy. */
public final class PodView {
  /** The account of a pod that names none. */
  private static final String DEFAULT_ACCOUNT = "default";

  /** The label on a Deployment's pods (Kubernetes, DefaultDeploymentUniqueLabelKey). */
  private static final String TEMPLATE_HASH = "pod-template-hash";

  public final String name;
  public final Map<String, String> labels;
  public final Map<String, String> annotations;

  /** Deleted or finished: it no longer serves. */
  public final boolean leaving;

  public final boolean ready;

  /** By the API server's clock. */
  public final Instant created;

  public final Proxy proxy;

  /** Why the pod is not ready, by the kubelet; empty if it reports nothing. */
  public final String trouble;

  /** Its address; empty if it has none, or it is not needed. */
  public final String ip;

  /** Its service account, which is its mesh identity. */
  public final String account;

  /** Its owner, such as {@code ReplicaSet/figlet-6d9}; empty if it was created by hand. */
  public final String controller;

  /** The container ports, only where the pod's owner is not read itself. */
  public final Set<Integer> ports;

  public PodView(
      String name,
      Map<String, String> labels,
      Map<String, String> annotations,
      Lifecycle lifecycle,
      Proxy proxy,
      String trouble) {
    this.name = Objects.requireNonNull(name);
    this.labels = Map.copyOf(labels);
    this.annotations = Map.copyOf(annotations);
    this.leaving = lifecycle.leaving;
    this.ready = lifecycle.ready;
    this.created = lifecycle.created;
    this.proxy = Objects.requireNonNull(proxy);
    this.trouble = Objects.requireNonNull(trouble);
    this.ip = "";
    this.account = DEFAULT_ACCOUNT;
    this.controller = "";
    this.ports = Set.of();
  }

  private PodView(PodView from, String ip, String account, String controller, Set<Integer> ports) {
    this.name = from.name;
    this.labels = from.labels;
    this.annotations = from.annotations;
    this.leaving = from.leaving;
    this.ready = from.ready;
    this.created = from.created;
    this.proxy = from.proxy;
    this.trouble = from.trouble;
    this.ip = Objects.requireNonNull(ip);
    this.account = Objects.requireNonNull(account);
    this.controller = Objects.requireNonNull(controller);
    this.ports = Set.copyOf(ports);
  }

  /** The same pod with its address and account; null if not set. */
  public PodView reachedAt(String ip, String account) {
    return new PodView(
        this,
        Objects.requireNonNullElse(ip, ""),
        Objects.requireNonNullElse(account, DEFAULT_ACCOUNT),
        controller,
        ports);
  }

  /** The same pod with its controller; null for none. */
  public PodView madeBy(String controller) {
    return new PodView(this, ip, account, Objects.requireNonNullElse(controller, ""), ports);
  }

  /** The same pod with its container ports. */
  public PodView listeningOn(Set<Integer> ports) {
    return new PodView(this, ip, account, controller, ports);
  }

  /**
   * Whether the workload owns it: a Deployment's ReplicaSet is named after it and the hash of its
   * pod template (kubernetes pkg/controller/deployment/sync.go), a label of its pods. The name is
   * enough: the garbage collector deletes a pod whose owner has another UID
   * (https://kubernetes.io/docs/concepts/architecture/garbage-collection/), and who may create a
   * ReplicaSet of that name in the namespace may change the workload as well.
   */
  public boolean isOf(Annotated workload) {
    return workload.kind == Kind.DEPLOYMENT
        ? controller.equals("ReplicaSet/" + workload.name + "-" + labels.get(TEMPLATE_HASH))
        : controller.equals(workload.kind + "/" + workload.name);
  }

  /** Its URL on that port; it must have an address. */
  public String url(int port) {
    return "http://" + (ip.contains(":") ? "[" + ip + "]" : ip) + ":" + port;
  }

  /** Whether some pods serve, and all of those are on the mesh. */
  public static boolean allMeshed(List<PodView> pods) {
    return pods.stream().anyMatch(PodView::isServing)
        && pods.stream().filter(PodView::isServing).allMatch(PodView::isMeshed);
  }

  public boolean isServing() {
    return ready && !leaving;
  }

  public boolean isMeshed() {
    return proxy == Proxy.READY;
  }

  /** A pod's stage of life. */
  public static final class Lifecycle {
    final boolean leaving;
    final boolean ready;
    final Instant created;

    public Lifecycle(boolean leaving, boolean ready, Instant created) {
      this.leaving = leaving;
      this.ready = ready;
      this.created = Objects.requireNonNull(created);
    }
  }

  /** The proxy container, among the containers or (native sidecar) the init containers. */
  public enum Proxy {
    NONE,
    NOT_READY,
    READY
  }
}
