package com.openfaas.function.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.openfaas.function.platform.Cases;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.report.Finding.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpiryFindingsTest {
  private static final Instant NOW = Instant.parse("2026-09-01T12:00:00Z");

  @ParameterizedTest
  @CsvSource({"P60D, ''", "P59DT23H, warning", "P7D, warning", "P6DT23H, error", "-PT1S, error"})
  @DisplayName("a warning under 60 days, an error under 7, whatever it is the certificate of")
  void areAsGraveAsTheTimeLeft(Duration left, String severity) {
    for (String use : List.of("TRUST_ANCHOR", "ISSUER", "WEBHOOK_CA")) {
      List<Finding> findings = findings("up", use, left);
      assertThat(findings.stream().map(finding -> finding.severity.toString()))
          .as(use)
          .containsExactlyElementsOf(severity.isEmpty() ? List.of() : List.of(severity));
    }
  }

  @Test
  @DisplayName("an anchor that ends while its successor is in the bundle is no outage")
  void aReplacedAnchorIsAWarning() {
    List<Finding> findings =
        findings("up", "TRUST_ANCHOR", Duration.ofDays(-1), Duration.ofDays(365));

    assertThat(findings).hasSize(1);
    assertThat(findings.get(0).severity).isEqualTo(Severity.WARNING);
    assertThat(findings.get(0).message).contains("expired at 2026-08-31T12:00:00Z");
    assertThat(findings.get(0).hint)
        .contains("until no pod has only an older bundle: invoke refresh");
  }

  @Test
  @DisplayName("without a successor, the old anchor stays in the bundle that is made")
  void theOldAnchorIsKept() {
    Finding finding = findings("up", "TRUST_ANCHOR", Duration.ofDays(30)).get(0);

    assertThat(finding.hint).contains("step certificate bundle ca-new.crt ca-old.crt bundle.crt");
    assertThat(finding.message).contains("1 of 5 meshed pods have only an older bundle");
  }

  @ParameterizedTest
  @ValueSource(strings = {"absent", "config unread"})
  void nothingIsSaidOfWhatWasNotRead(String linkerd) {
    assertThat(findings(linkerd, "TRUST_ANCHOR")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"ISSUER, the issuer", "TRUST_ANCHOR, the trust anchor"})
  @DisplayName("a canary whose proxy gets no certificate: which one is over, and what renews it")
  void aPodWithoutCertificateNamesWhatIsOver(String use, String what) {
    ObjectNode given = (ObjectNode) Cases.yaml(Cases.file("report/rolled-back/given.yaml"));
    String ended = NOW.minusSeconds(60).toString();
    for (ObjectNode platform : List.of(given, (ObjectNode) given.get("after"))) {
      platform.putArray("certificates").addObject().put("use", use).put("ends", ended);
    }
    Report report = new ReportCase(given).report();

    Finding canary =
        report.findings.stream()
            .filter(f -> f.code.equals("rollout_stopped"))
            .findFirst()
            .orElseThrow();
    assertThat(canary.subject).isEqualTo("deployment openfaas-fn/env");
    assertThat(canary.message)
        .contains("Unhealthy: probe failed", "its proxy gets no certificate: " + what, ended);
    assertThat(canary.hint).contains("step certificate create", "| kubectl apply -f -");
    assertThat(report.next).startsWith("Renew it before anything else").contains(canary.hint);
  }

  private static List<Finding> findings(String linkerd, String use, Duration... left) {
    ObjectNode given = (ObjectNode) Cases.yaml(Cases.file("report/observed-expiring/given.yaml"));
    given.put("linkerd", linkerd);
    given.putArray("certificates");
    for (Duration one : left) {
      given
          .withArray("certificates")
          .addObject()
          .put("use", use)
          .put("ends", NOW.plus(one).toString());
    }
    Platform platform = new ReportCase(given).record().latest();
    return ExpiryFindings.of(platform, NOW);
  }
}
