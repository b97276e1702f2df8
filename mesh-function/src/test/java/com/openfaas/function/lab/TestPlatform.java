package com.openfaas.function.lab;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
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
  private final String linkerd;
  private final FaasNetes faasNetes;
  private final FunctionAccount account;
  private final LinkerdControlPlane controlPlane;

  private TestPlatform(Cluster cluster, String prefix) {
    this.cluster = cluster;
    this.admin = cluster.client();
    this.prefix = prefix;
    this.openfaas = prefix + "openfaas";
    this.functions = prefix + "openfaas-fn";
    this.linkerd = prefix + "linkerd";
    this.faasNetes = new FaasNetes(admin, functions);
    this.account = new FunctionAccount(admin, prefix);
    this.controlPlane = new LinkerdControlPlane(cluster, admin, linkerd);
  }

  /**
   * Makes the namespaces and the account. An empty prefix gives the usual names: openfaas,
   * openfaas-fn and linkerd.
   */
  public static TestPlatform create(Cluster cluster, String name) {
    TestPlatform platform = new TestPlatform(cluster, name.isEmpty() ? "" : name + "-");
    for (String namespace : List.of(platform.openfaas, platform.functions, platform.linkerd)) {
      platform.createNamespace(namespace, Map.of());
    }
    platform.account.create();
    return platform;
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

  /** Another namespace that OpenFaaS takes for one of functions: it has the annotation openfaas. */
  public String addFunctionNamespace(String name) {
    return createNamespace(prefix + name, Map.of("openfaas", "1"));
  }

  /** A namespace of this platform that is none of functions. */
  public String addNamespace(String name) {
    return createNamespace(prefix + name, Map.of());
  }

  /** What an operator applies: a manifest of deploy, as build/rbac prints it for this platform. */
  public void grant(String manifest, String... options) {
    account.apply(manifest, options);
  }

  /** What rbac.yml tells an operator to do when mesh_core names more. */
  public void grantCore(String name) {
    account.allowCore(name);
  }

  /** What rbac.yml tells an operator to do for another function namespace. */
  public void grantFunctionNamespace(String namespace) {
    account.grant(namespace);
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
    // What is annotated must have its pods before Linkerd may come, or it would be born meshed.
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
    return admin.apps().deployments().inNamespace(namespace).withName(name).edit(change);
  }

  /** Deploys functions fn-1 to fn-n, some at a time. */
  public void scaleFunctions(int n) {
    addFunctions(1, n);
  }

  /** Deploys functions fn-first to fn-last; none where the last comes before the first. */
  public void addFunctions(int first, int last) {
    faasNetes.deployMany(first, last);
  }

  /** The environment a mesh-setup process needs to run here, as its own account. */
  public Map<String, String> functionEnvironment() {
    return account.environment();
  }

  /** The Roles and ClusterRoles of the account. */
  public List<HasMetadata> rbac() {
    return account.roles();
  }

  /** A client that is mesh-setup's own account. */
  public KubernetesClient functionClient() {
    return account.client();
  }

  public void awaitSettled() {
    awaitSettled(Duration.ofSeconds(60));
  }

  /** Until every rollout of this platform is through and no pod is on its way out. */
  public void awaitSettled(Duration atMost) {
    Awaitility.await("everything rolled out")
        .atMost(atMost)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(100))
        .until(this::unsettled, List::isEmpty);
  }

  private List<String> unsettled() {
    return namespaces.stream()
        .flatMap(namespace -> Settled.unsettled(admin, namespace))
        .collect(Collectors.toList());
  }

  /** Waits for one of the same name that an earlier run on this cluster left on its way out. */
  private String createNamespace(String name, Map<String, String> annotations) {
    Awaitility.await(name + " is free")
        .atMost(Duration.ofMinutes(1))
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

  /** Namespaces go in their own time; what the cluster has only one of goes now. */
  @Override
  public void close() {
    controlPlane.uninstall();
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
