package com.openfaas.function.lab;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;

/**
 * A platform of a test class' own: three namespaces, in which it can install OpenFaaS, Linkerd, or
 * one after the other.
 */
public final class TestPlatform implements AutoCloseable {
  private final Cluster cluster;
  private final KubernetesClient admin;
  private final String prefix;
  private final List<String> namespaces = new ArrayList<>();
  private final String openfaas;
  private final String functions;
  private final FaasNetes faasNetes;
  private final FunctionAccount account;
  private final LinkerdControlPlane controlPlane;
  private final RunLease lease;
  private final Deque<Runnable> endings = new ArrayDeque<>();

  private TestPlatform(Cluster cluster, String prefix, LinkerdControlPlane shared) {
    this.cluster = cluster;
    this.admin = cluster.client();
    this.prefix = prefix;
    this.openfaas = prefix + "openfaas";
    this.functions = prefix + "openfaas-fn";
    this.faasNetes = new FaasNetes(admin, functions);
    this.lease = new RunLease(admin, functions);
    this.controlPlane =
        shared == null ? new LinkerdControlPlane(cluster, admin, prefix + "linkerd") : shared;
    this.account = new FunctionAccount(admin, prefix, controlPlane.namespace());
  }

  /**
   * Makes the namespaces and the account. An empty prefix gives the usual names: openfaas,
   * openfaas-fn and linkerd.
   */
  public static TestPlatform create(Cluster cluster, String name) {
    TestPlatform platform = new TestPlatform(cluster, name.isEmpty() ? "" : name + "-", null);
    platform.createNamespace(platform.controlPlane.namespace(), Map.of());
    platform.endings.push(platform.controlPlane::uninstall);
    return platform.begin();
  }

  /** Another one on this one's Linkerd, of which a cluster has but one; it is closed with it. */
  public TestPlatform beside(int number) {
    String name = prefix.substring(0, prefix.length() - 1) + number + "-";
    TestPlatform platform = new TestPlatform(cluster, name, controlPlane).begin();
    endings.push(platform::close);
    return platform;
  }

  private TestPlatform begin() {
    createNamespace(openfaas, Map.of());
    createNamespace(functions, Map.of());
    account.apply("rbac.yml");
    return this;
  }

  public Cluster cluster() {
    return cluster;
  }

  public KubernetesClient admin() {
    return admin;
  }

  /** The namespace of the gateway. */
  public String openfaas() {
    return openfaas;
  }

  /** The namespace of the functions. */
  public String functions() {
    return functions;
  }

  /**
   * Another namespace; OpenFaaS takes it for one of functions if it has the annotation openfaas.
   */
  public String addNamespace(String name, Map<String, String> annotations) {
    return createNamespace(prefix + name, annotations);
  }

  /** mesh-setup's own, and what it is allowed. */
  public FunctionAccount account() {
    return account;
  }

  public RunLease lease() {
    return lease;
  }

  /** What a cluster-scoped object of rbac.yml is called on this platform. */
  public String clusterScoped(String name) {
    return prefix + name;
  }

  public LinkerdControlPlane linkerd() {
    return controlPlane;
  }

  /**
   * The core, mesh-setup itself, and a function of each kind: nodeinfo (ready), figlet (two
   * replicas), env (annotated; meshed only if Linkerd is there already), markdown (opted out),
   * sentiment (idle) and nmap (hostNetwork).
   */
  public TestPlatform installOpenFaas() {
    Manifests.objects(admin, "openfaas.yaml", Map.of("openfaas", openfaas, "functions", functions))
        .forEach(object -> admin.resource(object).create());
    deployFunction("nodeinfo");
    deployFunction("figlet", Change.replicas(2));
    deployFunction("env", Change.annotated(Map.of("linkerd.io/inject", "enabled")));
    deployFunction("markdown", Change.annotated(Map.of("linkerd.io/inject", "disabled")));
    deployFunction("sentiment", Change.replicas(0));
    deployFunction("nmap", Change.hostNetwork());
    deployFunction("mesh-setup", Change.secret(FunctionAccount.SECRET));
    // What is annotated must have its pods before Linkerd may come, or it would be meshed from its
    // first pod.
    awaitSettled();
    return this;
  }

  /** OpenFaaS, then Linkerd: nothing is meshed yet, and everything could be. */
  public TestPlatform installWithLinkerd() {
    installOpenFaas();
    controlPlane.install();
    awaitSettled();
    return this;
  }

  /** The annotations of a Deployment's pod template. */
  public Map<String, String> templateAnnotations(String namespace, String name) {
    Deployment deployment = admin.apps().deployments().inNamespace(namespace).withName(name).get();
    return deployment.getSpec().getTemplate().getMetadata().getAnnotations();
  }

  public Deployment deployFunction(String name) {
    return deployFunction(name, UnaryOperator.identity());
  }

  public Deployment deployFunction(String name, UnaryOperator<Deployment> change) {
    return faasNetes.deploy(name, change);
  }

  public Deployment deployFunction(
      String namespace, String name, UnaryOperator<Deployment> change) {
    return new FaasNetes(admin, namespace).deploy(name, change);
  }

  /** A second `faas-cli deploy`: all annotations that are not among the given ones are lost. */
  public Deployment redeployFunction(String name, Map<String, String> annotations) {
    return faasNetes.update(name, annotations);
  }

  public void deleteFunction(String name) {
    faasNetes.delete(name);
  }

  /** Edits a live Deployment by hand, as a user with kubectl would. */
  public Deployment edit(String namespace, String name, UnaryOperator<Deployment> change) {
    return Conflicts.retried(
        () -> admin.apps().deployments().inNamespace(namespace).withName(name).edit(change));
  }

  /** Deploys functions fn-first to fn-last, some at a time; or none. */
  public void addFunctions(int first, int last) {
    faasNetes.deployMany(first, last);
  }

  /** The environment a mesh-setup process needs to run here, as its own account. */
  public Map<String, String> functionEnvironment() {
    return account.environment();
  }

  /** Until no run is under way and all that the last one changed is rolled out. */
  public void awaitTheEnd() {
    lease.awaitFree();
    awaitSettled();
  }

  public void awaitSettled() {
    awaitSettled(Duration.ofMinutes(5));
  }

  /** Until every rollout of this platform is through and no pod is on its way out. */
  public void awaitSettled(Duration atMost) {
    Settled.await(admin, namespaces, atMost);
  }

  /** Waits for one of the same name that an earlier run on this cluster left on its way out. */
  private String createNamespace(String name, Map<String, String> annotations) {
    Awaitility.await(name + " is free")
        .until(() -> admin.namespaces().withName(name).get() == null);
    admin
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(name)
                .withAnnotations(annotations)
                .endMetadata()
                .build())
        .create();
    namespaces.add(name);
    return name;
  }

  /** Before the platform goes: what works on it ends, and that may take its time. */
  public void endsWith(Runnable ending) {
    endings.push(ending);
  }

  /** Namespaces go in their own time; what the cluster has only one of goes now. */
  @Override
  public void close() {
    try {
      endings.forEach(Runnable::run);
    } finally {
      delete();
    }
  }

  private void delete() {
    account.delete();
    for (String name : namespaces) {
      // or the next class would find a function namespace that is not its own
      admin
          .namespaces()
          .withName(name)
          .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\":{\"annotations\":null}}");
      admin.namespaces().withName(name).delete();
    }
    admin.close();
  }
}
