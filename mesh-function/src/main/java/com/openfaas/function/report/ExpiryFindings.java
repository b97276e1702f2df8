package com.openfaas.function.report;

import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.ControlPlane;
import com.openfaas.function.platform.ControlPlane.Certificate;
import com.openfaas.function.platform.ControlPlane.Certificate.Use;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.report.Finding.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Certificates of the control plane that expire soon. Once the trust anchor or the issuer has
 * expired no proxy gets a certificate: within a day all meshed traffic fails.
 */
final class ExpiryFindings {
  /** As linkerd check warns (linkerd2 pkg/healthcheck, "valid for at least 60 days"). */
  private static final Duration SOON = Duration.ofDays(60);

  private static final Duration NOW_OR_NEVER = Duration.ofDays(7);

  private final Platform platform;
  private final ControlPlane plane;
  private final Instant now;

  private ExpiryFindings(Platform platform, Instant now) {
    this.platform = platform;
    this.plane = platform.controlPlane.value;
    this.now = now;
  }

  /** Nothing is reported of a certificate that was not read. */
  static List<Finding> of(Platform platform, Instant now) {
    if (!platform.controlPlane.isKnown()) {
      return List.of();
    }
    ExpiryFindings expiry = new ExpiryFindings(platform, now);
    return expiry.plane.certificates.stream()
        .filter(certificate -> expiry.left(certificate).compareTo(SOON) < 0)
        .map(expiry::finding)
        .collect(Collectors.toUnmodifiableList());
  }

  /** An expired certificate without which no proxy gets one; null if none is known. */
  static Problem over(Platform platform, Instant now) {
    if (platform == null || !platform.controlPlane.isKnown()) {
      return null;
    }
    ExpiryFindings expiry = new ExpiryFindings(platform, now);
    return expiry.plane.certificates.stream()
        .filter(certificate -> certificate.use != Use.WEBHOOK_CA)
        .filter(certificate -> expiry.left(certificate).isNegative())
        .filter(certificate -> !expiry.isReplaced(certificate))
        .findFirst()
        .map(expiry::problem)
        .orElse(null);
  }

  private Finding finding(Certificate certificate) {
    boolean urgent = left(certificate).compareTo(NOW_OR_NEVER) < 0 && !isReplaced(certificate);
    return new Finding(urgent ? Severity.ERROR : Severity.WARNING, problem(certificate));
  }

  private Problem problem(Certificate certificate) {
    return new Problem(
        code(certificate.use), subject(certificate.use), message(certificate), hint(certificate));
  }

  private Duration left(Certificate certificate) {
    return Duration.between(now, certificate.ends);
  }

  /** A bundle may already hold the next anchor: then the old one may expire. */
  private boolean isReplaced(Certificate certificate) {
    return plane.certificates.stream()
        .anyMatch(other -> other.use == certificate.use && left(other).compareTo(SOON) >= 0);
  }

  private static Code code(Use use) {
    switch (use) {
      case TRUST_ANCHOR:
        return Code.TRUST_ANCHOR_EXPIRES;
      case ISSUER:
        return Code.ISSUER_EXPIRES;
      default:
        return Code.WEBHOOK_CA_EXPIRES;
    }
  }

  private String subject(Use use) {
    switch (use) {
      case TRUST_ANCHOR:
        return "configmap " + plane.namespace + "/linkerd-identity-trust-roots";
      case ISSUER:
        // Its copy in linkerd-config was read; the Secret is what has to be renewed.
        return "secret " + plane.namespace + "/linkerd-identity-issuer";
      default:
        return "mutatingwebhookconfiguration linkerd-proxy-injector-webhook-config";
    }
  }

  private String message(Certificate certificate) {
    Duration left = left(certificate);
    String when =
        (left.isNegative() ? " expired at " : " expires in " + left.toDays() + " days, at ")
            + certificate.ends
            + " ("
            + certificate.name
            + ", serial "
            + certificate.serial
            + ")";
    switch (certificate.use) {
      case TRUST_ANCHOR:
        return "the trust anchor" + when + dependents();
      case ISSUER:
        return "the issuer"
            + when
            + ", as configmap "
            + plane.namespace
            + "/linkerd-config has it: from then on no proxy gets a certificate";
      default:
        return "the injector's CA" + when + ": from then on no pod gets a proxy";
    }
  }

  /** A proxy knows the bundle as of its pod's creation. */
  private String dependents() {
    List<String> roots =
        platform.workloads.stream()
            .flatMap(workload -> workload.pods.stream())
            .filter(PodView::isMeshed)
            .map(pod -> pod.annotations.getOrDefault(Annotations.TRUST_ROOT, ""))
            .collect(Collectors.toList());
    String current = plane.configOrDefaults().trustRoot;
    long behind = roots.stream().filter(root -> !root.equals(current)).count();
    return "; " + behind + " of " + roots.size() + " meshed pods have only an older bundle";
  }

  private String hint(Certificate certificate) {
    String linkerd =
        plane.namespace.equals("linkerd") ? "linkerd" : "linkerd -L " + plane.namespace;
    String kubectl = "kubectl -n " + plane.namespace;
    switch (certificate.use) {
      case TRUST_ANCHOR:
        return isReplaced(certificate) ? endOfRotation(linkerd) : newAnchor(linkerd, kubectl);
      case ISSUER:
        return "step certificate create "
            + name("identity")
            + " issuer.crt issuer.key --profile intermediate-ca --not-after 8760h --no-password"
            + " --insecure --ca ca.crt --ca-key ca.key && "
            + linkerd
            + " upgrade --identity-issuer-certificate-file issuer.crt"
            + " --identity-issuer-key-file issuer.key | kubectl apply -f -"
            + "; ca.crt and ca.key are the trust anchor's";
      default:
        return kubectl
            + " delete secret linkerd-proxy-injector-k8s-tls && "
            + linkerd
            + " upgrade | kubectl apply -f -; with Helm, the next helm upgrade creates it again";
    }
  }

  /** The old anchor stays in the bundle: the present pods' certificates need it. */
  private String newAnchor(String linkerd, String kubectl) {
    return "step certificate create "
        + name("root")
        + " ca-new.crt ca-new.key --profile root-ca --no-password --insecure && "
        + kubectl
        + " get configmap linkerd-identity-trust-roots -o jsonpath='{.data.ca-bundle\\.crt}'"
        + " > ca-old.crt && step certificate bundle ca-new.crt ca-old.crt bundle.crt && "
        + linkerd
        + " upgrade --identity-trust-anchors-file bundle.crt | kubectl apply -f -; then invoke"
        + " refresh; then an issuer of the new anchor, and only then remove the old one";
  }

  private static String endOfRotation(String linkerd) {
    return "its successor is in the bundle; until no pod has only an older bundle: invoke refresh"
        + "; then an issuer of the new anchor; then "
        + linkerd
        + " upgrade --identity-trust-anchors-file ca-new.crt | kubectl apply -f -; that removes"
        + " the old one";
  }

  private String name(String of) {
    String domain = plane.configOrDefaults().trustDomain;
    return of + ".linkerd." + (domain.isEmpty() ? "cluster.local" : domain);
  }
}
