package com.openfaas.function.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.openfaas.function.platform.Sample;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is lacking, and what is still ours, on every kind of object. */
class TargetTest {
  private static final String RETRIES =
      "policy: {mesh_retries: gateway-error, mesh_timeout: 10s}\n"
          + "directFunctions: true\n"
          + "nats: '4222'\n"
          + "namespaces: {openfaas-fn: {inject: enabled}}\n"
          + "workloads:\n"
          + "- {role: gateway, name: gateway, inject: enabled, skip: '4222,4567,4568',"
          + " pods: {meshed: 1}}\n";

  @Test
  void ofAnObjectThatHasSomeOfItOnlyTheRestIsSet() throws IOException {
    List<String> all = plan(RETRIES + "services: {figlet: {}}\n");
    assertThat(all)
        .singleElement()
        .asString()
        .contains("retry.linkerd.io/http=gateway-error", "timeout");

    assertThat(plan(RETRIES + "services: {figlet: {retry.linkerd.io/http: gateway-error}}\n"))
        .singleElement()
        .asString()
        .contains("timeout.linkerd.io/")
        .doesNotContain("retry.linkerd.io/http");
  }

  @Test
  @DisplayName("what somebody has taken off since is not given back: only the record goes")
  void whatIsGoneIsNotOurs() throws IOException {
    String gateway =
        "ask: {action: revert}\n"
            + "nats: '4222'\n"
            + "namespaces: {openfaas-fn: {}}\n"
            + "workloads:\n"
            + "- {role: gateway, name: gateway, inject: enabled, pods: {meshed: 1}, previous:"
            + " '{\"linkerd.io/inject\":null,\"config.linkerd.io/skip-outbound-ports\":\"25\"}'";

    assertThat(plan(gateway + "}\n")).containsExactly("GATEWAY [linkerd.io/inject=null]");
    assertThat(plan(gateway + ", skip: '4222,25,4567,4568'}\n"))
        .containsExactly(
            "GATEWAY [config.linkerd.io/skip-outbound-ports=25, linkerd.io/inject=null]");
  }

  @Test
  void aRecordIsDoubtedOnlyOnWhatWasAskedFor() throws IOException {
    String services =
        RETRIES
            + "services:\n"
            + "  figlet: {mesh-setup.openfaas.com/previous: 'no json'}\n"
            + "  nodeinfo: {mesh-setup.openfaas.com/previous: 'no json'}\n";

    assertThat(planner(services).plan().doubts).hasSize(2);
    assertThat(planner("ask: {functions: [figlet]}\n" + services).plan().doubts)
        .singleElement()
        .satisfies(doubt -> assertThat(doubt.subject).isEqualTo("service openfaas-fn/figlet"));
  }

  private static List<String> plan(String given) throws IOException {
    return planner(given).plan().steps.stream()
        .map(step -> step.wave + " " + step.annotations.entrySet())
        .collect(Collectors.toList());
  }

  private static Planner planner(String given) throws IOException {
    return new Planner(
        new Given(new ObjectMapper(new YAMLFactory()).readTree(given)).scope(), Sample.MOMENT);
  }
}
