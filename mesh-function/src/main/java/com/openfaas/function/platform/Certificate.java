package com.openfaas.function.platform;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/** A certificate of the control plane, reduced to what its expiry check needs. */
public final class Certificate {
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
