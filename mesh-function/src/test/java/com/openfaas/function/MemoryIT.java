package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.FakeGateway;
import com.openfaas.function.lab.FunctionProcess;
import com.openfaas.function.lab.TestPlatform;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** With the image's heap, that of jvm.options, and its end where that is full. */
@ExtendWith(ClusterExtension.class)
@DisplayName("No deployer's function, and no caller, ends the process for want of memory")
class MemoryIT {
  private static final String HEAP =
      "@"
          + Path.of("jvm.options").toAbsolutePath()
          + " -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError";
  private static final int KIB = 1024;

  private static TestPlatform platform;

  @BeforeAll
  static void install(TestPlatform given) {
    platform = given.installWithLinkerd();
    new Caller(platform).apply();
    platform.awaitSettled();
  }

  @Test
  @DisplayName("40 functions with 240 KiB of annotations each, on themselves and on their pods")
  void largeAnnotationsAreNotKept() throws Exception {
    Map<String, String> large = Map.of("a/note", "x".repeat(240 * KIB));
    for (int i = 1; i <= 40; i++) {
      platform.deployFunction(
          "noted-" + i,
          function -> {
            function.getMetadata().getAnnotations().putAll(large);
            function.getSpec().getTemplate().getMetadata().getAnnotations().putAll(large);
            return function;
          });
    }
    platform.awaitSettled();
    try (FunctionProcess function = start(FunctionProcess.TEMPLATE, Map.of())) {
      answers(function, 200, "{\"action\":\"status\",\"format\":\"json\"}", "\"noted-40\"");
      answers(function, 200, "{\"action\":\"plan\",\"format\":\"json\"}", "\"noted-40\"");
    }
    for (int i = 1; i <= 40; i++) {
      platform
          .admin()
          .apps()
          .deployments()
          .inNamespace(platform.functions())
          .withName("noted-" + i)
          .delete();
    }
    platform.awaitSettled();
  }

  @Test
  @DisplayName("every function's pod answers its metrics port with 31 MiB")
  void longMetricsAreNotKept() throws Exception {
    try (FakeGateway gateway = FakeGateway.before(platform)) {
      gateway.awaitServing("nodeinfo", "mesh-setup");
      List<String> functions =
          List.of("env", "figlet", "markdown", "nmap", "nodeinfo", "sentiment");
      functions.forEach(name -> gateway.proxies().swell(name, 31 * KIB * KIB));
      try (FunctionProcess function =
          start(FunctionProcess.TEMPLATE, Map.of("gateway_url", gateway.url().toString()))) {
        answers(function, 200, "{\"action\":\"verify\",\"format\":\"json\"}", "metrics_too_large");
      }
    }
  }

  @Test
  @DisplayName("a body of 40 MB, which OpenFaaS' own entrypoint passes on")
  void aLongBodyIsRefusedByItsLength() throws Exception {
    try (FunctionProcess function = start(FunctionProcess.UPSTREAM, Map.of())) {
      answers(function, 413, "{\"only\":[" + "\"x\",".repeat(10_000_000) + "]}", "body: more than");
      answers(function, 413, "[".repeat(40_000_000), "body: more than");
    }
  }

  private static FunctionProcess start(Path entrypoint, Map<String, String> more) {
    Map<String, String> environment = new HashMap<>(platform.functionEnvironment());
    environment.put("exec_timeout", "55s");
    environment.put("JDK_JAVA_OPTIONS", entrypoint == FunctionProcess.UPSTREAM ? "" : HEAP);
    environment.putAll(more);
    return FunctionProcess.start(entrypoint, environment);
  }

  /** And after it the next call, by the same process. */
  private static void answers(FunctionProcess function, int status, String body, String says)
      throws Exception {
    HttpResponse<String> answer = function.invoke("POST", "", body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains(says);
    assertThat(function.invoke("POST", "", "status").statusCode()).isEqualTo(200);
    assertThat(function.log()).doesNotContain("OutOfMemoryError:");
  }
}
