package com.openfaas.function.platform;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What of a pod tells whether it serves, and through which proxy. */
public final class PodView {
  /** The one a pod has that names none. */
  private static final String DEFAULT_ACCOUNT = "default";

  /** On what a Deployment makes (Kubernetes, DefaultDeploymentUniqueLabelKey). */
  private static final String TEMPLATE_HASH = "pod-template-hash";

  public final String name;
  public final Map<String, String> labels;
  public final Map<String, String> annotations;

  /** Deleted or finished: it serves no more. */
  public final boolean leaving;

  public final boolean ready;

  /** By the API server's clock. */
  public final Instant created;

  public final Proxy proxy;

  /** Why the pod is not ready, as the kubelet says; empty where it says nothing. */
  public final String trouble;

  /** Where it is reached; empty where it has no address, or nobody needs it. */
  public final String ip;

  /** The service account by which the mesh knows it. */
  public final String account;

  /** What made it, as {@code ReplicaSet/figlet-6d9}; empty: somebody by hand. */
  public final String controller;

  /** The ports its containers say they listen on, where what made it is not read itself. */
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

  /** The same pod, where it is reached and who it is to the mesh; null: not set. */
  public PodView reachedAt(String ip, String account) {
    return new PodView(
        this,
        Objects.requireNonNullElse(ip, ""),
        Objects.requireNonNullElse(account, DEFAULT_ACCOUNT),
        controller,
        ports);
  }

  /** The same pod, made by that controller; null: by none. */
  public PodView madeBy(String controller) {
    return new PodView(this, ip, account, Objects.requireNonNullElse(controller, ""), ports);
  }

  /** The same pod, whose containers say that they listen on those ports. */
  public PodView listeningOn(Set<Integer> ports) {
    return new PodView(this, ip, account, controller, ports);
  }

  /**
   * Whether the workload made it: a Deployment's ReplicaSet is named after it and the hash of its
   * pod template (kubernetes pkg/controller/deployment/sync.go), which its pods have as a label. A
   * name suffices: the garbage collector deletes a pod that names an owner of another UID
   * (https://kubernetes.io/docs/concepts/architecture/garbage-collection/), and a ReplicaSet of
   * that name is made in the same namespace, where whoever may do so may change the workload.
   */
  public boolean isOf(Annotated workload) {
    return workload.kind == Kind.DEPLOYMENT
        ? controller.equals("ReplicaSet/" + workload.name + "-" + labels.get(TEMPLATE_HASH))
        : controller.equals(workload.kind + "/" + workload.name);
  }

  /** Where it is reached by that port; only where it has an address. */
  public String url(int port) {
    return "http://" + (ip.contains(":") ? "[" + ip + "]" : ip) + ":" + port;
  }

  /** Whether some serve, and all that do are on the mesh. */
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

  /** Where a pod is in its life. */
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

  /** The proxy container, wherever it stands: native sidecars are init containers. */
  public enum Proxy {
    NONE,
    NOT_READY,
    READY
  }
}
