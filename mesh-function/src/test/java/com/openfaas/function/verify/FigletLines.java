package com.openfaas.function.verify;

import static com.openfaas.function.verify.Edge.Mtls.NO_EVIDENCE;
import static com.openfaas.function.verify.EdgeCase.FUNCTION_ID;
import static com.openfaas.function.verify.EdgeCase.GATEWAY_ID;
import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.platform.Reading;
import java.util.Arrays;

/** What the proxies of one gateway pod and one pod of figlet tell, line by line. */
final class FigletLines {
  static final String TO_FIGLET =
      "direction=\"outbound\",target_ip=\"10.0.2.1\",target_port=\"8080\",";
  static final String AT_FIGLET =
      "direction=\"inbound\",target_ip=\"10.0.2.1\",target_port=\"8080\",";
  static final String OF_FIGLET =
      ",dst_deployment=\"figlet\",dst_namespace=\"openfaas-fn\",dst_pod=\"figlet-1\"";
  static final String PLAIN = "tls=\"no_identity\",no_tls_reason=";
  static final String UNMESHED = PLAIN + "\"not_provided_by_service_discovery\"";
  static final String NO_TLS = PLAIN + "\"no_tls_from_remote\"";
  static final String PROBE = ",route_kind=\"default\",route_name=\"probe\"";

  static final String SENT =
      "request_total{"
          + TO_FIGLET
          + "tls=\"true\",server_id=\""
          + FUNCTION_ID
          + "\""
          + OF_FIGLET
          + "} ";
  static final String RECEIVED = received(GATEWAY_ID, PROBE) + " ";

  private FigletLines() {}

  /** Of one pod each; a line is read by whom it is about. */
  static EdgeEvaluation evaluate(String[] before, String[] after) {
    return EdgeCase.to("figlet")
        .gateway(of("outbound", before), of("outbound", after))
        .pod("figlet-1", "10.0.2.1", of("inbound", before), of("inbound", after))
        .evaluate();
  }

  static Reading<Metrics> of(String direction, String[] lines) {
    return EdgeCase.metrics(
        Arrays.stream(lines)
            .filter(line -> line.contains(direction) || !line.contains("direction"))
            .toArray(String[]::new));
  }

  static void is(EdgeEvaluation found, String code) {
    assertThat(found.edge.mtls).isEqualTo(NO_EVIDENCE);
    assertThat(found.problem.code).isEqualTo(code);
  }

  static String[] lines(String... lines) {
    return lines;
  }

  static String received(String client, String route) {
    return "request_total{" + AT_FIGLET + "tls=\"true\",client_id=\"" + client + "\"" + route + "}";
  }
}
