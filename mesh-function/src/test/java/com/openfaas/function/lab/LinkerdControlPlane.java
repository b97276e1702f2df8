package com.openfaas.function.lab;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhook;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.awaitility.Awaitility;

/**
 * Linkerd as the rest of the cluster sees it: its Deployments, its ConfigMaps, its webhook. Not
 * there until it is installed.
 *
 * <p>The API server refuses policy objects as Linkerd's schemas and its policy validator do: of a
 * Server an accessPolicy that is neither {@code audit}, {@code deny} nor a word of the default
 * policies (linkerd2 policy-controller/runtime/src/admission.rs), a protocol that is unknown, pods
 * that are not said; of a MeshTLSAuthentication neither or both of identities and identityRefs, and
 * refs that are of neither ServiceAccounts nor Namespaces; an AuthorizationPolicy that is about
 * something else than a Server, a route or a namespace (linkerd2
 * charts/linkerd-crds/templates/policy). What is not said of a Server is as there: {@code deny}, of
 * any protocol. Not modelled: its other checks, and that its webhook may be away.
 */
public final class LinkerdControlPlane {
  private static final String VERSION = "edge-26.8.3";
  private static final Duration A_BUSY_MACHINE = Duration.ofMinutes(5);
  private static final String WEBHOOK = "linkerd-proxy-injector-webhook-config";

  private final Cluster cluster;
  private final KubernetesClient admin;
  private final String namespace;
  private String failurePolicy = "Ignore";
  private ProxyConfig config;
  private Injector injector;

  LinkerdControlPlane(Cluster cluster, KubernetesClient admin, String namespace) {
    this.cluster = cluster;
    this.admin = admin;
    this.namespace = namespace;
  }

  public String namespace() {
    return namespace;
  }

  public Injector injector() {
    return injector;
  }

  public ProxyConfig config() {
    return config;
  }

  /** Ignore, the default, or Fail, as Linkerd's high-availability values set it. */
  public LinkerdControlPlane failurePolicy(String failurePolicy) {
    this.failurePolicy = failurePolicy;
    if (injector != null) {
      apply();
    }
    return this;
  }

  /** By hand; the next change of the control plane's own makes it right again. */
  public void editWebhook(Consumer<MutatingWebhook> change) {
    admin
        .admissionRegistration()
        .v1()
        .mutatingWebhookConfigurations()
        .withName(WEBHOOK)
        .edit(
            configuration -> {
              change.accept(configuration.getWebhooks().get(0));
              return configuration;
            });
  }

  public LinkerdControlPlane install() {
    return install(usualConfig());
  }

  /** Linkerd's own defaults: native sidecars, no CNI plugin. */
  public static ProxyConfig usualConfig() {
    return new ProxyConfig(VERSION, TestCertificate.shared().pem(), false, true);
  }

  /** What is made from now on passes its injector. */
  public LinkerdControlPlane install(ProxyConfig config) {
    this.config = config;
    injector = new Injector(admin, namespace, config);
    cluster.expose(injector.port());
    apply();
    injector.awaitAsked(namespace);
    return this;
  }

  /**
   * An upgrade, or a rotation of the trust roots: pods are injected the new way from now on, and
   * those that run are stale.
   */
  public LinkerdControlPlane reconfigure(ProxyConfig config) {
    this.config = config;
    injector.config(config);
    apply();
    return this;
  }

  /** A trust bundle that is not the present one. */
  public static String otherTrustRoots() {
    return TestCertificate.create().pem();
  }

  public void scale(String deployment, int replicas) {
    admin.apps().deployments().inNamespace(namespace).withName(deployment).scale(replicas);
  }

  /** As `linkerd uninstall`; harmless when nothing is installed. */
  public void uninstall() {
    if (injector == null) {
      return;
    }
    admin.admissionRegistration().v1().mutatingWebhookConfigurations().withName(WEBHOOK).delete();
    injector.close();
    injector = null;
    admin.apps().deployments().inNamespace(namespace).delete();
    for (String name : List.of("linkerd-config", "linkerd-identity-trust-roots")) {
      admin.configMaps().inNamespace(namespace).withName(name).delete();
    }
  }

  /** As if Linkerd's policy objects had never been installed. */
  public void removeKinds() {
    List<HasMetadata> kinds = Manifests.objects(admin, "linkerd-crds.yaml", Map.of());
    kinds.forEach(kind -> admin.resource(kind).delete());
    Awaitility.await("the API server forgets them")
        .atMost(A_BUSY_MACHINE)
        .until(() -> kinds.stream().allMatch(kind -> admin.resource(kind).get() == null));
  }

  /** As a release before 2.16 has it: its Servers know no accessPolicy. */
  public void serveOldServers() {
    apply();
    admin
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName("servers.policy.linkerd.io")
        .edit(
            kind -> {
              kind.getSpec().getVersions().get(0).setServed(false);
              return kind;
            });
  }

  /** All that it consists of, as it was installed. */
  public void repair() {
    apply();
  }

  private void apply() {
    List<HasMetadata> kinds = Manifests.objects(admin, "linkerd-crds.yaml", Map.of());
    kinds.forEach(kind -> admin.resource(kind).forceConflicts().serverSideApply());
    Awaitility.await("the API server serves them")
        .atMost(A_BUSY_MACHINE)
        .until(
            () ->
                kinds.stream()
                    .allMatch(kind -> Manifests.isEstablished(admin.resource(kind).get())));
    for (HasMetadata object : Manifests.objects(admin, "linkerd.yaml", values())) {
      admin.resource(withTrustRoots(object)).forceConflicts().serverSideApply();
    }
  }

  private HasMetadata withTrustRoots(HasMetadata object) {
    if (!object.getMetadata().getName().equals("linkerd-identity-trust-roots")) {
      return object;
    }
    return new ConfigMapBuilder((ConfigMap) object)
        .addToData("ca-bundle.crt", config.trustRoots)
        .build();
  }

  private Map<String, String> values() {
    Map<String, String> values = new HashMap<>();
    values.put("linkerd", namespace);
    values.put("version", config.version);
    values.put("cni", String.valueOf(config.cni));
    values.put("native", String.valueOf(config.nativeSidecar));
    values.put("failurePolicy", failurePolicy);
    values.put("injector", "https://" + cluster.testHost + ":" + injector.port() + "/");
    values.put("caBundle", injector.caBundle());
    return values;
  }
}
