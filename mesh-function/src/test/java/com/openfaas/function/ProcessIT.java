package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.FunctionProcess;
import com.openfaas.function.lab.TestPlatform;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ClusterExtension.class)
@DisplayName("The function as a process")
class ProcessIT {
  private static Map<String, String> environment;

  @BeforeAll
  static void install(TestPlatform platform) {
    platform.installWithLinkerd();
    environment = new HashMap<>(platform.functionEnvironment());
    environment.put("exec_timeout", "55s");
  }

  @Test
  void runsOnTheTemplatesEntrypoint() throws Exception {
    try (FunctionProcess function = FunctionProcess.start(FunctionProcess.TEMPLATE, environment)) {
      HttpResponse<String> status = function.invoke("GET", "", "");
      HttpResponse<String> refused = function.invoke("DELETE", "", "");

      assertThat(outcome(status)).isEqualTo("observed");
      assertThat(status.headers().firstValue("Content-Type")).hasValue("application/json");
      assertThat(refused.statusCode()).isEqualTo(405);
      assertThat(refused.headers().firstValue("Allow")).hasValue("GET, HEAD, POST");
      Awaitility.await("what it prints is read by a thread of its own")
          .untilAsserted(() -> assertThat(function.log()).contains("status: observed"));
      assertThat(function.stop()).isZero();
    }
  }

  @Test
  void runsUnchangedOnTheUpstreamEntrypoint() throws Exception {
    try (FunctionProcess function = FunctionProcess.start(FunctionProcess.UPSTREAM, environment)) {
      HttpResponse<String> plan = function.invoke("POST", "action=plan", "");
      HttpResponse<String> status = function.invoke("POST", "", "status");

      assertThat(outcome(plan)).isEqualTo("planned");
      assertThat(outcome(status)).isEqualTo("observed");
    }
  }

  private static String outcome(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JsonParser.parseString(answer.body()).getAsJsonObject().get("outcome").getAsString();
  }
}
