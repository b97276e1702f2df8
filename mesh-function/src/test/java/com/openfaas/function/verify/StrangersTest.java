package com.openfaas.function.verify;

import static com.openfaas.function.verify.Edge.Mtls.PROVEN;
import static com.openfaas.function.verify.EdgeCase.metrics;
import static com.openfaas.function.verify.FigletLines.PROBE;
import static com.openfaas.function.verify.FigletLines.RECEIVED;
import static com.openfaas.function.verify.FigletLines.SENT;
import static com.openfaas.function.verify.FigletLines.evaluate;
import static com.openfaas.function.verify.FigletLines.is;
import static com.openfaas.function.verify.FigletLines.lines;
import static com.openfaas.function.verify.FigletLines.received;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** TLS that is not between the two whose edge it is. */
class StrangersTest {
  @Test
  @DisplayName("identities of another trust domain prove nothing of this mesh")
  void identitiesOfAnotherTrustDomainAreNoEvidence() {
    String server = SENT.replace("cluster.local", "other.example");
    String client = RECEIVED.replace("cluster.local", "other.example");

    is(evaluate(lines(), lines(server + 1, RECEIVED + 1)), "identity_unexpected");
    is(evaluate(lines(), lines(SENT + 1, client + 1)), "identity_unexpected");
  }

  @Test
  @DisplayName("identities of another account, or empty ones, are not the gateway's")
  void identitiesOfAnotherAccountAreNoEvidence() {
    String other = received("default.openfaas" + EdgeCase.TRUST, PROBE) + " ";

    is(evaluate(lines(), lines(SENT + 1, other + 1)), "identity_unexpected");
    is(evaluate(lines(), lines(SENT + 1, received("", PROBE) + " 1")), "identity_unexpected");
  }

  @Test
  @DisplayName("where the trust domain is not known, account and namespace are compared")
  void withoutATrustDomainTheAccountDecides() {
    String server = SENT.replace("cluster.local", "my.domain");
    String client = RECEIVED.replace("cluster.local", "my.domain");

    assertThat(unknownDomain(server + 1, client + 1).edge.mtls).isEqualTo(PROVEN);
    String other = received("default.openfaas.serviceaccount.identity.linkerd.my.domain", "") + " ";
    is(unknownDomain(server + 1, other + 1), "identity_unexpected");
  }

  private static EdgeEvaluation unknownDomain(String sent, String received) {
    return EdgeCase.to("figlet")
        .trustDomainUnknown()
        .gateway(metrics(), metrics(sent))
        .pod("figlet-1", "10.0.2.1", metrics(), metrics(received))
        .evaluate();
  }
}
