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
import static com.openfaas.function.verify.FigletLines.is;
import static com.openfaas.function.verify.FigletLines.judge;
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
    Edge edge = judge(lines(SENT + 7, RECEIVED + 40), lines(SENT + 12, RECEIVED + 45)).edge;

    assertThat(edge.mtls).isEqualTo(PROVEN);
    assertThat(edge.clientId).isEqualTo(GATEWAY_ID);
    assertThat(edge.serverId).isEqualTo(FUNCTION_ID);
    assertThat(edge.traffic.requests).isEqualTo(5);
  }

  @Test
  @DisplayName("what was counted before this run proves nothing")
  void oldRequestsAreNoEvidence() {
    is(judge(lines(SENT + 12, RECEIVED + 45), lines(SENT + 12, RECEIVED + 45)), "nothing_counted");
  }

  @Test
  void oneSideAloneIsNoEvidence() {
    is(judge(lines(SENT + 7, RECEIVED + 45), lines(SENT + 12, RECEIVED + 45)), "nothing_counted");
    is(judge(lines(SENT + 7, RECEIVED + 40), lines(SENT + 7, RECEIVED + 45)), "nothing_counted");
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
            judge(lines(hop + 1, SENT + 1, RECEIVED + 1), lines(hop + 9, SENT + 2, RECEIVED + 2)))
        .extracting(judgement -> judgement.edge.mtls)
        .isEqualTo(PROVEN);
    is(judge(lines(hop + 1), lines(hop + 9)), "nothing_counted");
  }

  @Test
  @DisplayName("port 4191: scrapes, also those over TLS by the gateway's own account")
  void scrapesAreNoEvidence() {
    String scrape = RECEIVED.replace("8080", "4191");

    is(judge(lines(SENT + 1, scrape + 1), lines(SENT + 2, scrape + 2)), "nothing_counted");
  }

  @Test
  @DisplayName("the kubelet's probes: plaintext on the probe route says nothing, either way")
  void probesOfTheKubeletSayNothing() {
    String probe = "request_total{" + AT_FIGLET + NO_TLS + PROBE + "} ";

    is(judge(lines(probe + 10), lines(probe + 15)), "nothing_counted");
    Judgement beside =
        judge(lines(probe + 10, SENT + 1, RECEIVED + 1), lines(probe + 15, SENT + 2, RECEIVED + 2));
    assertThat(beside.edge.mtls).isEqualTo(PROVEN);
  }

  @Test
  @DisplayName("health requests over TLS count on the probe route; invocations on the default one")
  void requestsOverTlsCountOnEveryRoute() {
    String invoked = received(GATEWAY_ID, ",route_name=\"default\"") + " ";

    for (String received : new String[] {RECEIVED, invoked}) {
      assertThat(judge(lines(), lines(SENT + 1, received + 1)).edge.mtls).isEqualTo(PROVEN);
    }
  }

  @Test
  @DisplayName("a series that vanished, idle for ten minutes, has not grown")
  void seriesThatVanishedDoNotCount() {
    String plain = "request_total{" + TO_FIGLET + UNMESHED + OF_FIGLET + "} ";

    Judgement judgement = judge(lines(plain + 90, SENT + 1), lines(SENT + 2, RECEIVED + 1));

    assertThat(judgement.edge.mtls).isEqualTo(PROVEN);
    is(judge(lines(SENT + 9, RECEIVED + 9), lines()), "nothing_counted");
  }

  @Test
  @DisplayName("a counter that fell began anew: all of it was counted since")
  void aCounterResetCountsFromNothing() {
    Edge edge = judge(lines(SENT + 100, RECEIVED + 100), lines(SENT + 3, RECEIVED + 3)).edge;

    assertThat(edge.mtls).isEqualTo(PROVEN);
    assertThat(edge.traffic.requests).isEqualTo(3);
  }

  @Test
  @DisplayName("a process that started anew counts from nothing, though its counters are higher")
  void aRestartedProxyCountsFromNothing() {
    String started = "process_start_time_seconds ";

    Edge edge =
        judge(
                lines(started + "100.5", SENT + 2, RECEIVED + 2),
                lines(started + "160.25", SENT + 6, RECEIVED + 6))
            .edge;

    assertThat(edge.traffic.requests).isEqualTo(6);
  }

  @Test
  @DisplayName("skip-outbound-ports of the gateway: no series at all, and never \"ok\"")
  void aPortThatTheGatewaySkipsIsNoEvidence() {
    String plain = "request_total{" + AT_FIGLET + NO_TLS + PROBE + "} ";

    Judgement judgement = judge(lines(plain + 1), lines(plain + 2));

    is(judgement, "nothing_counted");
    assertThat(judgement.problem.hint).contains("skip-outbound-ports of openfaas/gateway");
  }

  @Test
  @DisplayName(
      "skip-inbound-ports of the function: the gateway sends it plaintext, and counts that")
  void aPortThatTheFunctionSkipsIsPlaintext() {
    String plain = "request_total{" + TO_FIGLET + UNMESHED + OF_FIGLET + "} ";

    Judgement judgement = judge(lines(plain + 4), lines(plain + 5));

    assertThat(judgement.edge.mtls).isEqualTo(PLAINTEXT);
    assertThat(judgement.problem.hint).contains("skip-inbound-ports");
    assertThat(judgement.edge.traffic.requests).isEqualTo(1);
  }

  @Test
  @DisplayName("any plaintext makes plaintext, whatever is proven beside it")
  void plaintextBesideProofIsPlaintext() {
    String plain = "request_total{" + TO_FIGLET + UNMESHED + OF_FIGLET + "} ";

    Judgement judgement = judge(lines(), lines(SENT + 5, RECEIVED + 5, plain + 1));

    assertThat(judgement.edge.mtls).isEqualTo(PLAINTEXT);
  }

  @Test
  @DisplayName("a pod that went between the reads: no second read, noEvidence")
  void aPodThatWentIsNoEvidence() {
    Judgement judgement =
        EdgeCase.to("figlet")
            .gateway(metrics(SENT + 1), metrics(SENT + 2))
            .pod("figlet-1", "10.0.2.1", metrics(RECEIVED + 1), unread(ProofClient.UNREADABLE))
            .judge();

    is(judgement, "pod_replaced");
  }

  @Test
  @DisplayName("a pod that came between the reads: the gateway names it, nobody had read it")
  void aPodThatCameIsNoEvidence() {
    String newer = SENT.replace("figlet-1", "figlet-2").replace("10.0.2.1", "10.0.2.2");

    is(judge(lines(), lines(newer + 1)), "pod_replaced");
  }

  @Test
  @DisplayName("another pod at the same address: the name that discovery gives decides")
  void anAddressThatWasGivenToAnotherPodIsNoEvidence() {
    String other = SENT.replace("dst_pod=\"figlet-1\"", "dst_pod=\"nodeinfo-1\"");
    String ofNodeinfo = other.replace("dst_deployment=\"figlet\"", "dst_deployment=\"nodeinfo\"");

    is(judge(lines(), lines(ofNodeinfo + 1, RECEIVED + 1)), "nothing_counted");
  }

  @Test
  @DisplayName("somebody else's TLS, passed through, is neither plaintext nor proof")
  void opaqueTlsIsNeither() {
    String opaque = "request_total{" + TO_FIGLET + "tls=\"opaque\",sni=\"x\"" + OF_FIGLET + "} ";

    is(judge(lines(), lines(opaque + 1)), "nothing_counted");
  }
}
