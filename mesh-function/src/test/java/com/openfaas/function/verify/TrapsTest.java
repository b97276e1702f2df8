package com.openfaas.function.verify;

import static com.openfaas.function.verify.Edge.Mtls.PLAINTEXT;
import static com.openfaas.function.verify.Edge.Mtls.PROVEN;
import static com.openfaas.function.verify.EdgeCase.FUNCTION_ID;
import static com.openfaas.function.verify.EdgeCase.GATEWAY_ID;
import static com.openfaas.function.verify.EdgeCase.metrics;
import static com.openfaas.function.verify.EdgeCase.unread;
import static com.openfaas.function.verify.FigletLines.AT_FIGLET;
import static com.openfaas.function.verify.FigletLines.NO_TLS;
import static com.openfaas.function.verify.FigletLines.OF_FIGLET;
import static com.openfaas.function.verify.FigletLines.PLAIN;
import static com.openfaas.function.verify.FigletLines.PROBE;
import static com.openfaas.function.verify.FigletLines.RECEIVED;
import static com.openfaas.function.verify.FigletLines.SENT;
import static com.openfaas.function.verify.FigletLines.TO_FIGLET;
import static com.openfaas.function.verify.FigletLines.UNMESHED;
import static com.openfaas.function.verify.FigletLines.evaluate;
import static com.openfaas.function.verify.FigletLines.is;
import static com.openfaas.function.verify.FigletLines.lines;
import static com.openfaas.function.verify.FigletLines.received;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Each way in which a proxy's metrics can be read wrong. */
class TrapsTest {
  @Test
  @DisplayName("requests of this run, seen by both ends with both identities: proven")
  void bothSidesProveIt() {
    Edge edge = evaluate(lines(SENT + 7, RECEIVED + 40), lines(SENT + 12, RECEIVED + 45)).edge;

    assertThat(edge.mtls).isEqualTo(PROVEN);
    assertThat(edge.clientId).isEqualTo(GATEWAY_ID);
    assertThat(edge.serverId).isEqualTo(FUNCTION_ID);
    assertThat(edge.traffic.requests).isEqualTo(5);
  }

  @Test
  @DisplayName("what was counted before this run proves nothing")
  void oldRequestsAreNoEvidence() {
    is(
        evaluate(lines(SENT + 12, RECEIVED + 45), lines(SENT + 12, RECEIVED + 45)),
        "nothing_counted");
  }

  @Test
  void oneSideAloneIsNoEvidence() {
    is(
        evaluate(lines(SENT + 7, RECEIVED + 45), lines(SENT + 12, RECEIVED + 45)),
        "nothing_counted");
    is(evaluate(lines(SENT + 7, RECEIVED + 40), lines(SENT + 7, RECEIVED + 45)), "nothing_counted");
  }

  @Test
  @DisplayName("peer=\"src\" outbound: the application's hop to its own proxy, never encrypted")
  void peerSrcIsNoPlaintext() {
    String hop =
        "tcp_write_bytes_total{direction=\"outbound\",peer=\"src\",target_ip=\"10.0.2.1\","
            + "target_port=\"8080\","
            + PLAIN
            + "\"loopback\"} ";

    assertThat(
            evaluate(
                lines(hop + 1, SENT + 1, RECEIVED + 1), lines(hop + 9, SENT + 2, RECEIVED + 2)))
        .extracting(found -> found.edge.mtls)
        .isEqualTo(PROVEN);
    is(evaluate(lines(hop + 1), lines(hop + 9)), "nothing_counted");
  }

  @Test
  @DisplayName("port 4191: scrapes, also those over TLS by the gateway's own account")
  void scrapesAreNoEvidence() {
    String scrape = RECEIVED.replace("8080", "4191");

    is(evaluate(lines(SENT + 1, scrape + 1), lines(SENT + 2, scrape + 2)), "nothing_counted");
  }

  @Test
  @DisplayName("the kubelet's probes: plaintext on the probe route says nothing, either way")
  void probesOfTheKubeletSayNothing() {
    String probe = "request_total{" + AT_FIGLET + NO_TLS + PROBE + "} ";

    is(evaluate(lines(probe + 10), lines(probe + 15)), "nothing_counted");
    EdgeEvaluation beside =
        evaluate(
            lines(probe + 10, SENT + 1, RECEIVED + 1), lines(probe + 15, SENT + 2, RECEIVED + 2));
    assertThat(beside.edge.mtls).isEqualTo(PROVEN);
  }

  @Test
  @DisplayName("health requests over TLS count on the probe route; invocations on the default one")
  void requestsOverTlsCountOnEveryRoute() {
    String invoked = received(GATEWAY_ID, ",route_name=\"default\"") + " ";

    for (String received : new String[] {RECEIVED, invoked}) {
      assertThat(evaluate(lines(), lines(SENT + 1, received + 1)).edge.mtls).isEqualTo(PROVEN);
    }
  }

  @Test
  @DisplayName("a series that vanished, idle for ten minutes, has not grown")
  void seriesThatVanishedDoNotCount() {
    String plain = "request_total{" + TO_FIGLET + UNMESHED + OF_FIGLET + "} ";

    EdgeEvaluation found = evaluate(lines(plain + 90, SENT + 1), lines(SENT + 2, RECEIVED + 1));

    assertThat(found.edge.mtls).isEqualTo(PROVEN);
    is(evaluate(lines(SENT + 9, RECEIVED + 9), lines()), "nothing_counted");
  }

  @Test
  @DisplayName("a counter that fell began anew: all of it was counted since")
  void aCounterResetCountsFromNothing() {
    Edge edge = evaluate(lines(SENT + 100, RECEIVED + 100), lines(SENT + 3, RECEIVED + 3)).edge;

    assertThat(edge.mtls).isEqualTo(PROVEN);
    assertThat(edge.traffic.requests).isEqualTo(3);
  }

  @Test
  @DisplayName("a process that started anew counts from nothing, though its counters are higher")
  void aRestartedProxyCountsFromNothing() {
    String started = "process_start_time_seconds ";

    Edge edge =
        evaluate(
                lines(started + "100.5", SENT + 2, RECEIVED + 2),
                lines(started + "160.25", SENT + 6, RECEIVED + 6))
            .edge;

    assertThat(edge.traffic.requests).isEqualTo(6);
  }

  @Test
  @DisplayName("skip-outbound-ports of the gateway: no series at all, and never \"ok\"")
  void aPortThatTheGatewaySkipsIsNoEvidence() {
    String plain = "request_total{" + AT_FIGLET + NO_TLS + PROBE + "} ";

    EdgeEvaluation found = evaluate(lines(plain + 1), lines(plain + 2));

    is(found, "nothing_counted");
    assertThat(found.problem.hint).contains("skip-outbound-ports of openfaas/gateway");
  }

  @Test
  @DisplayName(
      "skip-inbound-ports of the function: the gateway sends it plaintext, and counts that")
  void aPortThatTheFunctionSkipsIsPlaintext() {
    String plain = "request_total{" + TO_FIGLET + UNMESHED + OF_FIGLET + "} ";

    EdgeEvaluation found = evaluate(lines(plain + 4), lines(plain + 5));

    assertThat(found.edge.mtls).isEqualTo(PLAINTEXT);
    assertThat(found.problem.hint).contains("skip-inbound-ports");
    assertThat(found.edge.traffic.requests).isEqualTo(1);

    EdgeEvaluation told =
        EdgeCase.to("figlet")
            .gateway(metrics(plain + 4), metrics(plain + 5))
            .podSkipping("8080", metrics())
            .evaluate();
    assertThat(told.problem.hint).startsWith("pod figlet-1 skips port 8080: remove it from");
  }

  @Test
  @DisplayName("any plaintext makes plaintext, whatever is proven beside it")
  void plaintextBesideProofIsPlaintext() {
    String plain = "request_total{" + TO_FIGLET + UNMESHED + OF_FIGLET + "} ";

    EdgeEvaluation found = evaluate(lines(), lines(SENT + 5, RECEIVED + 5, plain + 1));

    assertThat(found.edge.mtls).isEqualTo(PLAINTEXT);
  }

  @Test
  @DisplayName("a pod that went between the reads: no second read, noEvidence")
  void aPodThatWentIsNoEvidence() {
    EdgeEvaluation found =
        EdgeCase.to("figlet")
            .gateway(metrics(SENT + 1), metrics(SENT + 2))
            .pod("figlet-1", "10.0.2.1", metrics(RECEIVED + 1), unread("metrics_unreadable"))
            .evaluate();

    is(found, "pod_replaced");
  }

  @Test
  @DisplayName("a second read that does not fit in memory does not say that the pod went")
  void aSecondReadThatIsTooLargeIsToldAsThat() {
    EdgeEvaluation found =
        EdgeCase.to("figlet")
            .gateway(metrics(SENT + 1), unread("metrics_too_large"))
            .pod("figlet-1", "10.0.2.1", metrics(RECEIVED + 1), metrics(RECEIVED + 2))
            .evaluate();

    is(found, "metrics_too_large");
  }

  @Test
  @DisplayName("a proxy that started between the reads and counted nothing: its pod was replaced")
  void aPodThatWasGivenTheAddressIsNoEvidence() {
    String started = "process_start_time_seconds ";
    EdgeEvaluation found =
        EdgeCase.to("figlet")
            .gateway(metrics(SENT + 1), metrics(SENT + 2))
            .pod(
                "figlet-1",
                "10.0.2.1",
                metrics(started + "100.5", RECEIVED + 1),
                metrics(started + "160.25"))
            .evaluate();

    is(found, "pod_replaced");
  }

  @Test
  @DisplayName("a pod that came between the reads: the gateway names it, nobody had read it")
  void aPodThatCameIsNoEvidence() {
    String newer = SENT.replace("figlet-1", "figlet-2").replace("10.0.2.1", "10.0.2.2");

    is(evaluate(lines(), lines(newer + 1)), "pod_replaced");
  }

  @Test
  @DisplayName("another pod at the same address: the name that discovery gives decides")
  void anAddressThatWasGivenToAnotherPodIsNoEvidence() {
    String other = SENT.replace("dst_pod=\"figlet-1\"", "dst_pod=\"nodeinfo-1\"");
    String ofNodeinfo = other.replace("dst_deployment=\"figlet\"", "dst_deployment=\"nodeinfo\"");

    is(evaluate(lines(), lines(ofNodeinfo + 1, RECEIVED + 1)), "nothing_counted");
  }

  @Test
  @DisplayName("somebody else's TLS, passed through, is neither plaintext nor proof")
  void opaqueTlsIsNeither() {
    String opaque = "request_total{" + TO_FIGLET + "tls=\"opaque\",sni=\"x\"" + OF_FIGLET + "} ";

    is(evaluate(lines(), lines(opaque + 1)), "nothing_counted");
  }
}
