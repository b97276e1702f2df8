package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.e2e.E2e;
import com.openfaas.function.lab.AuditLog;
import com.openfaas.function.lab.Change;
import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.FakeGateway;
import com.openfaas.function.lab.OperatorKey;
import com.openfaas.function.lab.SystemFunctions;
import com.openfaas.function.lab.TestPlatform;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.fabric8.kubernetes.api.model.EnvVar;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(ClusterExtension.class)
@DisplayName("build/e2e tells the whole story, through the gateway, and leaves nothing behind")
class E2eIT {
  private static final String KEY = "the operator's key";

  @TempDir private static Path work;
  private static TestPlatform platform;
  private static FakeGateway gateway;
  private static Handler handler;
  private static boolean litters;
  private static final Map<String, String> ENVIRONMENT = new ConcurrentHashMap<>();

  @BeforeAll
  static void install(TestPlatform installed) throws IOException {
    platform = installed.installWithLinkerd();
    platform.account().apply("rbac-protect.yml");
    gateway = FakeGateway.before(platform);
    HttpHandler api = SystemFunctions.of(platform);
    gateway.api(call -> answer(api, call));
    ENVIRONMENT.putAll(platform.functionEnvironment());
    ENVIRONMENT.put("exec_timeout", "55s");
    ENVIRONMENT.put("gateway_url", gateway.url().toString());
    new OperatorKey(KEY).mountFor(ENVIRONMENT);
    Files.writeString(work.resolve("key.txt"), KEY + "\n");
    handler = new Handler(ENVIRONMENT, Clock.systemUTC(), Duration.ofSeconds(5));
    HttpHandler function = new HandlerOverHttp(handler);
    gateway.pods().answer("mesh-setup", call -> answerAsDeployed(function, call));
    gateway.awaitServing("env", "figlet", "nodeinfo", "mesh-setup");
  }

  /** With the setting that its Deployment has by now, as a new pod of it would have. */
  private static void answerAsDeployed(HttpHandler function, HttpExchange call) throws IOException {
    String setting =
        FaultScenario.on(platform)
            .deployment(platform.functions(), "mesh-setup")
            .getSpec()
            .getTemplate()
            .getSpec()
            .getContainers()
            .get(0)
            .getEnv()
            .stream()
            .filter(variable -> variable.getName().equals("mesh_protect"))
            .map(EnvVar::getValue)
            .findFirst()
            .orElse("off");
    ENVIRONMENT.put("mesh_protect", setting);
    function.handle(call);
  }

  /** With a function, where it is so, goes something that nobody has asked for. */
  private static void answer(HttpHandler api, HttpExchange call) throws IOException {
    if (litters && call.getRequestMethod().equals("DELETE")) {
      platform.edit(platform.functions(), "nmap", Change.replicas(3));
    }
    api.handle(call);
  }

  @AfterAll
  static void end() {
    if (handler != null) {
      handler.close();
    }
    if (gateway != null) {
      gateway.close();
    }
  }

  @Test
  void withoutYesItOnlyReads() throws IOException {
    AuditLog audit = new AuditLog(platform);

    assertThat(tell(false)).as(table()).isTrue();

    assertThat(audit.writes()).isEmpty();
    assertThat(table()).containsPattern("the rest +\\| skipped").contains("--yes");
  }

  @Test
  void everyStepIsAsItShouldBe() throws IOException {
    assertThat(tell(true)).as(table()).isTrue();

    assertThat(steps())
        .containsEntry("apply, one call", "ok")
        .containsEntry("verify", "ok")
        .containsEntry("a function meshed from its first pod", "ok")
        .containsEntry("refresh", "ok")
        .containsEntry("revert", "ok")
        .containsEntry("all is as it was", "ok")
        .containsEntry("protect: audit", "ok")
        .containsEntry("protect: enforce", "ok");
    assertThat(table()).containsPattern("protect: enforce.*audit: .*enforce waits for");
    assertThat(platform.admin().leases().inNamespace(platform.functions()).list().getItems())
        .isEmpty();
    assertThat(bundle())
        .contains("MeshEnabled", "MeshReverted", "edge-26.8.3", "\"outcome\": \"changed\"")
        .doesNotContain(KEY, "the-gateway's-password", "BEGIN CERTIFICATE");
  }

  @Test
  @DisplayName("a function that does not come up is told, and all is given back nevertheless")
  void whatFailsIsToldAndTakenBack() throws IOException {
    platform.deployFunction("broken", Change.whenMeshed("crash-loop"));
    platform.awaitSettled();
    ENVIRONMENT.put("mesh_patience", "10s");

    assertThat(tell(true)).as(table()).isFalse();

    ENVIRONMENT.remove("mesh_patience");

    assertThat(steps())
        .containsEntry("apply, one call", "failed")
        .containsEntry("revert", "ok")
        .containsEntry("all is as it was", "ok")
        .doesNotContainKey("refresh");
    assertThat(table()).contains("broken");
    platform.deleteFunction("broken");
    platform.awaitSettled();
  }

  @Test
  void whereNothingCanBeMeshedNothingIsChanged() throws IOException {
    AuditLog audit = new AuditLog(platform);
    platform.linkerd().injector().stop();
    try {
      assertThat(tell(true)).as(table()).isFalse();
    } finally {
      platform.linkerd().injector().start();
    }
    assertThat(audit.writes()).isEmpty();
    assertThat(steps()).containsEntry("plan", "failed").doesNotContainKey("apply, one call");
  }

  @Test
  void whatIsNotAsItWasIsNamedFieldByField() throws IOException {
    litters = true;
    try {
      assertThat(tell(true)).as(table()).isFalse();
    } finally {
      litters = false;
      platform.edit(platform.functions(), "nmap", Change.replicas(1));
      // A story that has failed leaves the mark of its revert.
      platform.lease().delete();
      platform.awaitSettled();
    }

    assertThat(steps()).containsEntry("revert", "ok").containsEntry("all is as it was", "failed");
    assertThat(text(work.resolve("bundle/differences.txt")))
        .isEqualTo("Deployment " + platform.functions() + "/nmap\n  spec.replicas: was 1, is 3\n");
  }

  private static boolean tell(boolean yes) throws IOException {
    Map<String, String> options =
        Map.of(
            "--gateway", gateway.url().toString(),
            "--gateway-namespace", platform.openfaas(),
            "--key", work.resolve("key.txt").toString(),
            "--limit", "900",
            "--bundle", work.resolve("bundle").toString());
    return E2e.tell(platform.admin(), options, yes);
  }

  private static String table() {
    return text(work.resolve("bundle/table.md"));
  }

  /** How each step ended. */
  private static Map<String, String> steps() {
    return table()
        .lines()
        .skip(2)
        .map(line -> line.split("\\|", 4))
        .collect(Collectors.toMap(row -> row[1].trim(), row -> row[2].trim()));
  }

  private static String bundle() throws IOException {
    try (Stream<Path> files = Files.list(work.resolve("bundle"))) {
      return files.map(E2eIT::text).collect(Collectors.joining());
    }
  }

  private static String text(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
