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

/** A certificate of the control plane, as far as it matters when it ends. */
public final class Certificate {
  public final Use use;

  /** Its subject; a bundle may hold several of one. */
  public final String name;

  /** Hexadecimal, as {@code openssl x509 -serial} has it. */
  public final String serial;

  public final Instant ends;

  public Certificate(Use use, String name, String serial, Instant ends) {
    this.use = Objects.requireNonNull(use);
    this.name = Objects.requireNonNull(name);
    this.serial = Objects.requireNonNull(serial);
    this.ends = Objects.requireNonNull(ends);
  }

  /** Those in the PEM text; none where it holds none that can be read. */
  public static List<Certificate> in(String pem, Use use) {
    try {
      return CertificateFactory.getInstance("X.509")
          .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)))
          .stream()
          .map(X509Certificate.class::cast)
          .map(certificate -> of(certificate, use))
          .collect(Collectors.toUnmodifiableList());
    } catch (CertificateException e) {
      // Whether it is of any use is Linkerd's to say; here it is a date that is not known.
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

  /** What it is for. */
  public enum Use {
    /** Every proxy trusts what it has signed. */
    TRUST_ANCHOR,
    /** Signs the certificate of each proxy, for a day. */
    ISSUER,
    /** By it the API server knows the injector. */
    WEBHOOK_CA;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
