package com.openfaas.function.platform;

import com.openfaas.function.platform.ControlPlane.ProxyDefaults;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** Linkerd's control plane, found by its injector's webhook. */
public final class ControlPlane {
  /** The Deployments needed to inject a proxy, and for it to get an identity and to route. */
  public static final List<String> DEPLOYMENTS =
      List.of("linkerd-destination", "linkerd-identity", "linkerd-proxy-injector");

  public final String namespace;
  public final Selector namespaceSelector;
  public final Selector objectSelector;

  /** Available replicas of each Deployment found. */
  public final Reading<Map<String, Integer>> available;

  /** Without the right to read it, versions and trust roots are not evaluated. */
  public final Reading<LinkerdConfig> config;

  /** Whether the viz extension is installed; null if the namespaces cannot be listed. */
  public final Boolean viz;

  /** Its certificates that can be read without a right to Secrets. */
  public final List<Certificate> certificates;

  public ControlPlane(
      String namespace,
      Selector namespaceSelector,
      Selector objectSelector,
      Reading<Map<String, Integer>> available,
      Reading<LinkerdConfig> config,
      Boolean viz,
      List<Certificate> certificates) {
    this.namespace = Objects.requireNonNull(namespace);
    this.namespaceSelector = Objects.requireNonNull(namespaceSelector);
    this.objectSelector = Objects.requireNonNull(objectSelector);
    this.available = Objects.requireNonNull(available);
    this.config = Objects.requireNonNull(config);
    this.viz = viz;
    this.certificates = List.copyOf(certificates);
  }

  /** The command that checks Linkerd; its default namespace is "linkerd". */
  public static String checkCommand(String namespace) {
    return namespace.equals("linkerd") ? "linkerd check" : "linkerd check -L " + namespace;
  }

  public LinkerdConfig configOrDefaults() {
    return config.isKnown() ? config.value : LinkerdConfig.defaults();
  }

  /** The proxies' settings where no annotation overrides them. */
  public static final class ProxyDefaults {
    /** The chart's defaults (linkerd2 charts/linkerd-control-plane/values.yaml). */
    public static final ProxyDefaults OF_LINKERD =
        new ProxyDefaults(
            "4567,4568",
            "4567,4568",
            "25,587,3306,4444,5432,6379,9300,11211",
            "all-unauthenticated",
            "",
            true,
            true);

    /** Outbound ports the proxy does not intercept. */
    public final String skipOutboundPorts;

    public final String skipInboundPorts;

    /** Ports whose bytes it forwards unchanged. */
    public final String opaquePorts;

    /** The clients it admits (https://linkerd.io/2-edge/features/server-policy/). */
    public final String inboundPolicy;

    /** The proxy's CPU request; empty for none. */
    public final String cpuRequest;

    /** Whether it ends with its pod's own containers: otherwise a Job with a proxy never ends. */
    public final boolean nativeSidecar;

    /** Whether it connects to a meshed pod's proxy port, not to the port that was called. */
    public final boolean dialsProxies;

    public ProxyDefaults(
        String skipOutboundPorts,
        String skipInboundPorts,
        String opaquePorts,
        String inboundPolicy,
        String cpuRequest,
        boolean nativeSidecar,
        boolean dialsProxies) {
      this.skipOutboundPorts = Objects.requireNonNull(skipOutboundPorts);
      this.skipInboundPorts = Objects.requireNonNull(skipInboundPorts);
      this.opaquePorts = Objects.requireNonNull(opaquePorts);
      this.inboundPolicy = Objects.requireNonNull(inboundPolicy);
      this.cpuRequest = Objects.requireNonNull(cpuRequest);
      this.nativeSidecar = nativeSidecar;
      this.dialsProxies = dialsProxies;
    }

    /**
     * The port list that an annotation would replace.
     *
     * @param key {@link Annotations#SKIP_OUTBOUND_PORTS}, {@link Annotations#SKIP_INBOUND_PORTS} or
     *     {@link Annotations#OPAQUE_PORTS}
     */
    String ports(String key) {
      if (key.equals(Annotations.OPAQUE_PORTS)) {
        return opaquePorts;
      }
      return key.equals(Annotations.SKIP_INBOUND_PORTS) ? skipInboundPorts : skipOutboundPorts;
    }
  }

  /** The values of Linkerd's ConfigMaps, which new proxies are created with. */
  public static final class LinkerdConfig {
    /** The version of new proxies; empty if the ConfigMap has none. */
    public final String proxyVersion;

    /** Empty if the ConfigMap has none. */
    public final String trustDomain;

    public final ProxyDefaults defaults;

    /** With the CNI plugin, pods have no {@code linkerd-init}. */
    public final boolean cni;

    /** Whether proxies get their own token, whatever the pod's automount setting. */
    public final boolean tokenProjection;

    /** Hex SHA-256 of the trust bundle, as the injector writes it on pods; empty if unknown. */
    public final String trustRoot;

    public LinkerdConfig(
        String proxyVersion,
        String trustDomain,
        ProxyDefaults defaults,
        boolean cni,
        boolean tokenProjection,
        String trustRoot) {
      this.proxyVersion = Objects.requireNonNull(proxyVersion);
      this.trustDomain = Objects.requireNonNull(trustDomain);
      this.defaults = Objects.requireNonNull(defaults);
      this.cni = cni;
      this.tokenProjection = tokenProjection;
      this.trustRoot = Objects.requireNonNull(trustRoot);
    }

    /**
     * The chart's defaults (linkerd2 charts/linkerd-control-plane/values.yaml), for a missing map.
     */
    public static LinkerdConfig defaults() {
      return new LinkerdConfig("", "", ProxyDefaults.OF_LINKERD, false, true, "");
    }
  }

  /** A certificate of the control plane, reduced to what its expiry check needs. */
  public static final class Certificate {
    public final Use use;

    /** Its subject; a bundle may hold several certificates with the same one. */
    public final String name;

    /** Hexadecimal, as {@code openssl x509 -serial} prints it. */
    public final String serial;

    public final Instant ends;

    public Certificate(Use use, String name, String serial, Instant ends) {
      this.use = Objects.requireNonNull(use);
      this.name = Objects.requireNonNull(name);
      this.serial = Objects.requireNonNull(serial);
      this.ends = Objects.requireNonNull(ends);
    }

    /** The certificates in the PEM text; empty if none can be read. */
    public static List<Certificate> in(String pem, Use use) {
      try {
        return CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)))
            .stream()
            .map(X509Certificate.class::cast)
            .map(certificate -> of(certificate, use))
            .collect(Collectors.toUnmodifiableList());
      } catch (CertificateException e) {
        // Validating it is Linkerd's task; here its expiry is just unknown.
        return List.of();
      }
    }

    private static Certificate of(X509Certificate certificate, Use use) {
      return new Certificate(
          use,
          certificate.getSubjectX500Principal().getName(),
          certificate.getSerialNumber().toString(16).toUpperCase(Locale.ROOT),
          certificate.getNotAfter().toInstant());
    }

    /** What it is used for. */
    public enum Use {
      /** Every proxy trusts what it signed. */
      TRUST_ANCHOR,
      /** Signs each proxy's certificate, for a day. */
      ISSUER,
      /** The API server verifies the injector with it. */
      WEBHOOK_CA;

      @Override
      public String toString() {
        return name().toLowerCase(Locale.ROOT);
      }
    }
  }
}
