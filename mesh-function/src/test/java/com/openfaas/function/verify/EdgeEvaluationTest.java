package com.openfaas.function.verify;

import static com.openfaas.function.verify.EdgeCase.FUNCTION_ID;
import static com.openfaas.function.verify.EdgeCase.GATEWAY_ID;
import static com.openfaas.function.verify.EdgeCase.metrics;
import static com.openfaas.function.verify.EdgeCase.unread;
import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.platform.Reading;
import com.openfaas.function.verify.Edge.Mtls;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Several pods at either end, pods without a proxy, proxies that cannot be read. */
class EdgeEvaluationTest {
  private static final Reading<Metrics> NOTHING = metrics();

  @Test
  @DisplayName("of several gateway and function pods, one pair proves the edge")
  void onePairOfPodsIsEnough() {
    EdgeEvaluation found =
        EdgeCase.to("figlet")
            .gateway(NOTHING, NOTHING)
            .gateway(NOTHING, metrics(sent("figlet-2", "10.0.2.2")))
            .pod("figlet-1", "10.0.2.1", NOTHING, NOTHING)
            .pod("figlet-2", "10.0.2.2", NOTHING, metrics(received("10.0.2.2")))
            .evaluate();

    assertThat(found.edge.mtls).isEqualTo(Mtls.PROVEN);
    assertThat(found.problem).isNull();
  }

  @Test
  @DisplayName("sent to one pod and received by another is no pair")
  void bothSidesMustBeOfTheSamePod() {
    EdgeEvaluation found =
        EdgeCase.to("figlet")
            .gateway(NOTHING, metrics(sent("figlet-1", "10.0.2.1")))
            .pod("figlet-1", "10.0.2.1", NOTHING, NOTHING)
            .pod("figlet-2", "10.0.2.2", NOTHING, metrics(received("10.0.2.2")))
            .evaluate();

    assertThat(found.edge.mtls).isEqualTo(Mtls.NO_EVIDENCE);
  }

  @Test
  @DisplayName("a pod that cannot be read does not take away what another proves")
  void anUnreadPodBesideAProvenOneDoesNotMatter() {
    EdgeEvaluation found =
        EdgeCase.to("figlet")
            .gateway(NOTHING, metrics(sent("figlet-2", "10.0.2.2")))
            .pod("figlet-1", "10.0.2.1", unread("metrics_forbidden"), NOTHING)
            .pod("figlet-2", "10.0.2.2", NOTHING, metrics(received("10.0.2.2")))
            .evaluate();

    assertThat(found.edge.mtls).isEqualTo(Mtls.PROVEN);
  }

  @Test
  @DisplayName("one gateway pod without a proxy: plaintext, whatever the others prove")
  void aGatewayPodWithoutAProxyIsPlaintext() {
    EdgeEvaluation found =
        EdgeCase.to("figlet")
            .gateway(NOTHING, metrics(sent("figlet-1", "10.0.2.1")))
            .gatewayWithoutProxy()
            .pod("figlet-1", "10.0.2.1", NOTHING, metrics(received("10.0.2.1")))
            .evaluate();

    assertThat(found.edge.mtls).isEqualTo(Mtls.PLAINTEXT);
    assertThat(found.problem.subject).isEqualTo("deployment openfaas/gateway");
    assertThat(found.edge.message).startsWith("deployment openfaas/gateway: pod gateway-0");
  }

  @Test
  @DisplayName("one function pod without a proxy: plaintext, whatever the others prove")
  void aFunctionPodWithoutAProxyIsPlaintext() {
    EdgeEvaluation found =
        EdgeCase.to("figlet")
            .gateway(NOTHING, metrics(sent("figlet-1", "10.0.2.1")))
            .pod("figlet-1", "10.0.2.1", NOTHING, metrics(received("10.0.2.1")))
            .podWithoutProxy("figlet-9")
            .evaluate();

    assertThat(found.edge.mtls).isEqualTo(Mtls.PLAINTEXT);
    assertThat(found.problem.subject).isEqualTo("deployment openfaas-fn/figlet");
  }

  @Test
  @DisplayName("metrics denied at either end: noEvidence, with what the policy wants")
  void deniedMetricsAreNoEvidence() {
    EdgeEvaluation ofFunction =
        EdgeCase.to("figlet")
            .gateway(NOTHING, metrics(sent("figlet-1", "10.0.2.1")))
            .pod("figlet-1", "10.0.2.1", unread("metrics_forbidden"), unread("metrics_forbidden"))
            .evaluate();
    EdgeEvaluation ofGateway =
        EdgeCase.to("figlet")
            .gateway(unread("metrics_forbidden"), unread("metrics_forbidden"))
            .pod("figlet-1", "10.0.2.1", NOTHING, metrics(received("10.0.2.1")))
            .evaluate();

    for (EdgeEvaluation found : new EdgeEvaluation[] {ofFunction, ofGateway}) {
      assertThat(found.edge.mtls).isEqualTo(Mtls.NO_EVIDENCE);
      assertThat(found.problem.code).isEqualTo("metrics_forbidden");
    }
    assertThat(ofGateway.edge.clientId).as("seen, and yet not both sides").isEqualTo(GATEWAY_ID);
    assertThat(ofGateway.edge.traffic.requests).isEqualTo(1);
  }

  @Test
  void anUnansweredRequestIsToldWhereNothingWasCounted() {
    EdgeCase edge =
        EdgeCase.to("figlet")
            .gateway(NOTHING, NOTHING)
            .pod("figlet-1", "10.0.2.1", NOTHING, NOTHING)
            .unanswered();

    assertThat(edge.evaluate().problem.code).isEqualTo("health_unanswered");
  }

  @Test
  @DisplayName("an answer that was an error proves the way it came as well as a good one")
  void anUnansweredRequestTakesNoProofAway() {
    EdgeCase edge =
        EdgeCase.to("figlet")
            .gateway(NOTHING, metrics(sent("figlet-1", "10.0.2.1")))
            .pod("figlet-1", "10.0.2.1", NOTHING, metrics(received("10.0.2.1")))
            .unanswered();

    assertThat(edge.evaluate().edge.mtls).isEqualTo(Mtls.PROVEN);
  }

  @Test
  void withoutAReadyPodThereIsNothingToSee() {
    EdgeEvaluation noFunction = EdgeCase.to("figlet").gateway(NOTHING, NOTHING).evaluate();
    EdgeEvaluation noGateway = EdgeCase.to("figlet").podWithoutProxy("figlet-1").evaluate();

    assertThat(noFunction.edge.mtls).isEqualTo(Mtls.NO_EVIDENCE);
    assertThat(noGateway.edge.mtls).isEqualTo(Mtls.NO_EVIDENCE);
    assertThat(noGateway.problem.subject).isEqualTo("deployment openfaas/gateway");
  }

  @Test
  @DisplayName("direct functions: a Service was dialled, the pod behind it is what counts")
  void aDialledServiceIsProvenByItsPod() {
    String direct =
        sent("figlet-1", "10.0.2.1").replace("dst_pod", "dst_service=\"figlet\",dst_pod");
    EdgeEvaluation found =
        EdgeCase.to("figlet")
            .gateway(NOTHING, metrics(direct))
            .pod("figlet-1", "10.0.2.1", NOTHING, metrics(received("10.0.2.1")))
            .evaluate();

    assertThat(found.edge.mtls).isEqualTo(Mtls.PROVEN);
  }

  @Test
  @DisplayName("where discovery names no pod, the address does")
  void withoutLabelsTheAddressDecides() {
    String bare =
        "request_total{direction=\"outbound\",target_ip=\"10.0.2.1\",tls=\"true\",server_id=\""
            + FUNCTION_ID
            + "\"} 1";
    EdgeEvaluation found =
        EdgeCase.to("figlet")
            .gateway(NOTHING, metrics(bare))
            .pod("figlet-1", "10.0.2.1", NOTHING, metrics(received("10.0.2.1")))
            .evaluate();

    assertThat(found.edge.mtls).isEqualTo(Mtls.PROVEN);
  }

  @Test
  @DisplayName("an opaque port: the proxies know no requests, and bytes prove as well")
  void bytesOfAnOpaquePortProveIt() {
    String sent =
        sent("figlet-1", "10.0.2.1")
            .replace("request_total{", "tcp_write_bytes_total{peer=\"dst\",");
    String received =
        received("10.0.2.1").replace("request_total{", "tcp_write_bytes_total{peer=\"src\",");
    Edge edge =
        EdgeCase.to("figlet")
            .gateway(NOTHING, metrics(sent))
            .pod("figlet-1", "10.0.2.1", NOTHING, metrics(received))
            .evaluate()
            .edge;

    assertThat(edge.mtls).isEqualTo(Mtls.PROVEN);
    assertThat(edge.traffic.requests).isZero();
  }

  private static String sent(String pod, String ip) {
    return "request_total{direction=\"outbound\",target_ip=\""
        + ip
        + "\",target_port=\"8080\",tls=\"true\",server_id=\""
        + FUNCTION_ID
        + "\",dst_deployment=\"figlet\",dst_namespace=\"openfaas-fn\",dst_pod=\""
        + pod
        + "\"} 1";
  }

  private static String received(String ip) {
    return "request_total{direction=\"inbound\",target_ip=\""
        + ip
        + "\",target_port=\"8080\",tls=\"true\",client_id=\""
        + GATEWAY_ID
        + "\"} 1";
  }
}
