package com.openfaas.function.observe;

import static com.openfaas.function.observe.CannedPlatform.deployment;
import static com.openfaas.function.observe.CannedPlatform.gateway;
import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.platform.Traffic.Calls;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The functions' Services are read only where something is to be set on them, or taken back. */
class CallsTest {
  private static final String PROFILES =
      "/apis/linkerd.io/v1alpha2/namespaces/openfaas-fn/serviceprofiles";
  private static final Map<String, String> RETRIES = Map.of("mesh_retries", "5xx");

  private CannedPlatform platform;

  @BeforeEach
  void aPlatformWithServices() throws IOException {
    platform = new CannedPlatform();
    platform.services(
        "openfaas-fn",
        "{metadata: {name: figlet, annotations: {retry.linkerd.io/http: 5xx}}, spec: {}}",
        "{metadata: {name: of-somebody-else}, spec: {}}");
    platform.services("team-a");
    platform.services("team-b");
    callsServices("true");
  }

  @AfterEach
  void end() {
    platform.close();
  }

  @Test
  void thoseOfFunctionsWithTheirAnnotations() throws Exception {
    Calls calls = platform.observe(RETRIES).calls;

    assertThat(calls.toServices).isTrue();
    assertThat(calls.services)
        .singleElement()
        .satisfies(
            service -> {
              assertThat(service.subject()).isEqualTo("service openfaas-fn/figlet");
              assertThat(service.annotations).containsEntry("retry.linkerd.io/http", "5xx");
            });
    assertThat(calls.unread).isEmpty();
  }

  @ParameterizedTest(name = "direct_functions {0}, {1} set, a revert {2}: read {3}")
  @CsvSource({
    "true, mesh_retries, false, true",
    "true, mesh_timeout, false, true",
    "true, mesh_parallel, false, false",
    "false, mesh_retries, false, false",
    "false, mesh_parallel, true, true",
    "true, mesh_parallel, true, true",
  })
  void areReadOnlyWhereItMatters(String direct, String setting, boolean revert, boolean read)
      throws Exception {
    callsServices(direct);
    Map<String, String> values =
        Map.of("mesh_retries", "5xx", "mesh_timeout", "10s", "mesh_parallel", "2");

    Calls calls = platform.observe(Map.of(setting, values.get(setting)), revert).calls;

    assertThat(calls.toServices).isEqualTo(Boolean.valueOf(direct));
    assertThat(platform.api.asked().contains(PROFILES)).isEqualTo(read);
    assertThat(platform.api.asked().contains("/api/v1/namespaces/openfaas-fn/services"))
        .isEqualTo(read);
    assertThat(calls.services).hasSize(read ? 1 : 0);
  }

  @Test
  void aServiceProfileIsSeen() throws Exception {
    platform.api.lists(
        PROFILES,
        "ServiceProfileList",
        "{\"metadata\":{\"name\":\"figlet.openfaas-fn.svc.cluster.local\"}}");

    assertThat(platform.observe(RETRIES).calls.profiled)
        .containsExactly("figlet.openfaas-fn.svc.cluster.local");
  }

  @Test
  void whatMayNotBeReadIsAProblemThatSaysWhatToApply() throws Exception {
    platform.api.refuses("/api/v1/namespaces/team-a/services", 403);

    Calls calls = platform.observe(RETRIES).calls;

    assertThat(calls.services).hasSize(1);
    assertThat(calls.unread)
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.code).isEqualTo("forbidden");
              assertThat(problem.hint).contains("kubectl get rolebindings");
            });
  }

  private void callsServices(String direct) {
    platform.holds(
        "openfaas",
        gateway(", {name: direct_functions, value: '" + direct + "'}"),
        deployment("queue-worker"));
  }
}
