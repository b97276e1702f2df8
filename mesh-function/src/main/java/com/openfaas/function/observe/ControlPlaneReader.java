package com.openfaas.function.observe;

import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.ControlPlane;
import com.openfaas.function.platform.ControlPlane.Certificate;
import com.openfaas.function.platform.ControlPlane.Certificate.Use;
import com.openfaas.function.platform.ControlPlane.LinkerdConfig;
import com.openfaas.function.platform.ControlPlane.ProxyDefaults;
import com.openfaas.function.platform.Kind;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Reading;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds Linkerd's control plane by its injector's webhook, and reads its configuration. */
final class ControlPlaneReader {
  /** Fixed by Linkerd's chart (proxy-injector-rbac.yaml). */
  static final String WEBHOOK = "linkerd-proxy-injector-webhook-config";

  private static final String NAMESPACE_LABEL = "linkerd.io/control-plane-ns";

  private final Cluster cluster;
  private final Boolean viz;

  /**
   * @param viz whether the viz extension is installed; null if unknown
   */
  ControlPlaneReader(Cluster cluster, Boolean viz) {
    this.cluster = cluster;
    this.viz = viz;
  }

  Reading<ControlPlane> read() throws ClusterException {
    try {
      return read(cluster.webhook(WEBHOOK));
    } catch (ClusterException e) {
      return Reading.failed(
          e.problem.is(Code.NOT_FOUND)
              ? absent("there is no MutatingWebhookConfiguration " + WEBHOOK)
              : e.readError());
    }
  }

  private Reading<ControlPlane> read(MutatingWebhookConfiguration configuration)
      throws ClusterException {
    if (configuration.getWebhooks().isEmpty()) {
      return Reading.failed(absent(WEBHOOK + " names no webhook"));
    }
    MutatingWebhook webhook = configuration.getWebhooks().get(0);
    String namespace = namespace(configuration, webhook);
    if (namespace == null) {
      return Reading.failed(absent(WEBHOOK + " does not name the control plane's namespace"));
    }
    List<Certificate> certificates = new ArrayList<>();
    webhookCa(webhook).forEach(certificates::add);
    return Reading.of(
        new ControlPlane(
            namespace,
            Views.selector(webhook.getNamespaceSelector()),
            Views.selector(webhook.getObjectSelector()),
            available(namespace),
            config(namespace, certificates),
            viz,
            certificates));
  }

  private static List<Certificate> webhookCa(MutatingWebhook webhook) {
    String bundle = webhook.getClientConfig().getCaBundle();
    try {
      byte[] pem = Base64.getMimeDecoder().decode(bundle == null ? "" : bundle);
      return Certificate.in(new String(pem, StandardCharsets.UTF_8), Use.WEBHOOK_CA);
    } catch (IllegalArgumentException e) {
      // The API server admits only valid base64; anything else has no date to read.
      return List.of();
    }
  }

  private static String namespace(
      MutatingWebhookConfiguration configuration, MutatingWebhook webhook) {
    var service = webhook.getClientConfig().getService();
    return service == null
        ? Views.orEmpty(configuration.getMetadata().getLabels()).get(NAMESPACE_LABEL)
        : service.getNamespace();
  }

  private Reading<Map<String, Integer>> available(String namespace) throws ClusterException {
    try {
      Map<String, Integer> available = new LinkedHashMap<>();
      cluster
          .workloads(Kind.DEPLOYMENT, namespace, null, WorkloadView::of)
          .items
          .forEach(view -> available.put(view.object.name, view.rollout.available));
      return Reading.of(available);
    } catch (ClusterException e) {
      return Reading.failed(e.readError());
    }
  }

  /**
   * @param certificates the certificates of the ConfigMaps are added to it
   */
  private Reading<LinkerdConfig> config(String namespace, List<Certificate> certificates)
      throws ClusterException {
    try {
      ConfigMap values = cluster.configMap(namespace, "linkerd-config");
      ConfigMap roots = cluster.configMap(namespace, "linkerd-identity-trust-roots");
      String bundle = Views.orEmpty(roots.getData()).getOrDefault("ca-bundle.crt", "");
      certificates.addAll(Certificate.in(bundle, Use.TRUST_ANCHOR));
      String yaml = Views.orEmpty(values.getData()).getOrDefault("values", "");
      return parse(namespace, yaml, bundle, certificates);
    } catch (ClusterException e) {
      return Reading.failed(e.readError());
    }
  }

  /** Keys as in linkerd2 charts/linkerd-control-plane/values.yaml. */
  private static Reading<LinkerdConfig> parse(
      String namespace, String yaml, String bundle, List<Certificate> certificates) {
    Map<?, ?> values;
    try {
      values = Serialization.unmarshal(yaml, Map.class);
    } catch (RuntimeException e) {
      // The client lets its YAML parser's exceptions through.
      return Reading.failed(
          new Problem(
              Code.LINKERD_CONFIG_UNREADABLE,
              "configmap " + namespace + "/linkerd-config",
              "its values are not YAML",
              ControlPlane.checkCommand(namespace)));
    }
    // Stored without its key (linkerd2 charts/linkerd-control-plane/templates/config.yaml); one
    // from
    // cert-manager is not stored there.
    String issuer = text(values, "", "identity", "issuer", "tls", "crtPEM");
    certificates.addAll(Certificate.in(issuer, Use.ISSUER));
    ProxyDefaults usual = ProxyDefaults.OF_LINKERD;
    String version = text(values, text(values, "", "linkerdVersion"), "proxy", "image", "version");
    return Reading.of(
        new LinkerdConfig(
            version,
            text(values, text(values, "cluster.local", "clusterDomain"), "identityTrustDomain"),
            new ProxyDefaults(
                text(values, usual.skipOutboundPorts, "proxyInit", "ignoreOutboundPorts"),
                text(values, usual.skipInboundPorts, "proxyInit", "ignoreInboundPorts"),
                text(values, usual.opaquePorts, "proxy", "opaquePorts"),
                text(values, usual.inboundPolicy, "proxy", "defaultInboundPolicy"),
                text(values, usual.cpuRequest, "proxy", "resources", "cpu", "request"),
                // Linkerd before 2.15 does not have the value, and no native sidecars.
                Boolean.parseBoolean(text(values, "false", "proxy", "nativeSidecar")),
                // Linkerd before 2.18 does not have it.
                text(values, "", "proxy", "outboundTransportMode").equals("transport-header")),
            Boolean.parseBoolean(text(values, "false", "cniEnabled")),
            Boolean.parseBoolean(text(values, "true", "identity", "serviceAccountTokenProjection")),
            bundle.isEmpty() ? "" : sha256(bundle)));
  }

  /** The value at the path; the default if there is none or it is empty. */
  private static String text(Map<?, ?> values, String otherwise, String... path) {
    Object at = values;
    for (String key : path) {
      at = at instanceof Map ? ((Map<?, ?>) at).get(key) : null;
    }
    return at == null || at.toString().isEmpty() ? otherwise : at.toString();
  }

  private static String sha256(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      StringBuilder hex = new StringBuilder();
      for (byte b : digest) {
        hex.append(String.format("%02x", b));
      }
      return hex.toString();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static Problem absent(String observed) {
    return new Problem(
        Code.CONTROL_PLANE_NOT_FOUND,
        "linkerd",
        "Linkerd's control plane was not found: " + observed,
        "install Linkerd: linkerd install --crds | kubectl apply -f - && linkerd install"
            + " | kubectl apply -f -; then linkerd check");
  }
}
