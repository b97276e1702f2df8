package com.openfaas.function.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.lab.TestCertificate;
import com.openfaas.function.platform.ControlPlane.Certificate;
import com.openfaas.function.platform.ControlPlane.Certificate.Use;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateTest {
  @Test
  @DisplayName("all of a bundle, whatever is written between them")
  void areAllOfABundle() {
    String pem = TestCertificate.shared().pem();

    assertThat(
            Certificate.in("# the old one\n" + pem + "\n# the new one\n" + pem, Use.TRUST_ANCHOR))
        .hasSize(2)
        .allSatisfy(
            certificate -> {
              assertThat(certificate.use).isEqualTo(Use.TRUST_ANCHOR);
              assertThat(certificate.name).isEqualTo("CN=test-ca");
              assertThat(certificate.serial).matches("[0-9A-F]+");
              // keytool's default is 90 days.
              assertThat(Duration.between(Instant.now(), certificate.ends).toDays())
                  .isBetween(80L, 90L);
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "x", "\0", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"})
  @DisplayName("what is no certificate is none, never an exception")
  void whatIsNoneIsNone(String pem) {
    assertThat(Certificate.in(pem, Use.ISSUER)).isEmpty();
  }
}
