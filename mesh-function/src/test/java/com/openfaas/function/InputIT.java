package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import com.openfaas.function.lab.AuditLog;
import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.FunctionProcess;
import com.openfaas.function.lab.OperatorKey;
import com.openfaas.function.lab.TestPlatform;
import com.openfaas.function.lab.Wire;
import com.openfaas.function.request.HostileRequest;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The table cases/requests.yaml as real HTTP, to the process that would be in the pod. */
@ExtendWith(ClusterExtension.class)
@DisplayName("Hostile requests to the function as a process")
class InputIT {
  private static final OperatorKey KEY =
      new OperatorKey("a key of the operator's that none may see");

  private static Map<String, String> environment;
  private static FunctionProcess process;
  private static AuditLog audit;

  @BeforeAll
  static void install(TestPlatform platform) {
    platform.installOpenFaas();
    platform.linkerd().install();
    platform.awaitSettled();
    environment = new HashMap<>(platform.functionEnvironment());
    environment.put("exec_timeout", "55s");
    KEY.mountFor(environment);
    process = FunctionProcess.start(FunctionProcess.TEMPLATE, environment);
    audit = new AuditLog(platform);
  }

  @AfterAll
  static void end() {
    if (process != null) {
      process.close();
    }
  }

  @Test
  void areRefusedAtOnceAndLeaveNoTrace() throws Exception {
    // The first time, a JVM loads what it needs; that is measured elsewhere.
    for (HostileRequest request : requests()) {
      Wire.send(process.url(), request.bytes());
    }
    audit.forget();

    List<HostileRequest> requests = requests();
    SoftAssertions all = new SoftAssertions();
    for (HostileRequest request : requests) {
      Wire.Reply reply = Wire.send(process.url(), request.bytes());
      refused(all, request, reply);
      discreet(all, request, reply);
      if (!request.isAboutPlatform()) {
        all.assertThat(readOfPlatform()).as("read for " + request).isEmpty();
      }
      audit.forget();
    }
    System.out.printf("input: %d requests, each refused as expected%n", requests.size());

    all.assertAll();
    assertThat(requests).hasSizeGreaterThanOrEqualTo(200);
    isUnharmed();
  }

  /** Signed now. */
  private static List<HostileRequest> requests() {
    return HostileRequest.all(KEY, Instant.now()).stream()
        .filter(HostileRequest::isForProcess)
        .collect(Collectors.toList());
  }

  /** A signature's time is compared with the Lease; nothing else is looked at for a bad request. */
  private static List<String> readOfPlatform() {
    return audit.requests().stream()
        .map(AuditLog.Request::toString)
        .filter(request -> !request.contains("leases"))
        .collect(Collectors.toList());
  }

  private static void refused(SoftAssertions all, HostileRequest request, Wire.Reply reply) {
    all.assertThat(reply.status).as("%s: %s", request, reply.body).isEqualTo(request.status());
    all.assertThat(reply.body).as(request.toString()).contains(request.says());
    if (reply.status == 405) {
      all.assertThat(reply.headers.get("Allow")).as(request.toString()).contains("POST");
    }
    if (reply.status == 401) {
      all.assertThat(reply.headers.get("WWW-Authenticate"))
          .as(request.toString())
          .isEqualTo("Signature realm=\"mesh-setup\"");
    }
  }

  /** Nothing of ours gets out, and nothing of the caller's that a terminal or a page would obey. */
  private static void discreet(SoftAssertions all, HostileRequest request, Wire.Reply reply)
      throws IOException {
    all.assertThat(reply.body)
        .as(request.toString())
        .doesNotContainPattern("(?m)^\\s+at |JsonReader|com\\.(openfaas|google)|java\\.")
        .doesNotContainPattern("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}&&[^\n]]")
        .doesNotContain(secrets());
    if (!reply.body.startsWith("<h1>")) {
      all.assertThat(reply.headers.get("Content-Type"))
          .as(request.toString())
          .matches("text/plain.*|application/json");
      all.assertThat(reply.body).as(request.toString()).doesNotContain("Exception");
    } else {
      // The JDK's server says so before it asks the entrypoint, and nothing of the caller's.
      all.assertThat(reply.body)
          .as(request.toString())
          .matches("<h1>400 Bad Request</h1>[A-Za-z -]*");
    }
  }

  /** The mounted files, and what of the environment is worth hiding. */
  private static List<String> secrets() throws IOException {
    Path mount = Path.of(environment.get("secret_mount_path"));
    List<String> secrets = new ArrayList<>();
    for (String file : List.of("token", "ca.crt", "mesh-setup-key")) {
      secrets.add(Files.readString(mount.resolve(file)).trim());
    }
    secrets.addAll(List.of(mount.toString(), environment.get("HOSTNAME")));
    return secrets;
  }

  private static void isUnharmed() throws Exception {
    HttpResponse<String> status = process.invoke("GET", "", "");

    assertThat(status.statusCode()).as(status.body()).isEqualTo(200);
    assertThat(JsonParser.parseString(status.body()).getAsJsonObject().get("outcome").getAsString())
        .isEqualTo("observed");
    assertThat(process.log()).doesNotContain("OutOfMemory", "StackOverflow", "unexpected");
    assertThat(process.stop()).isZero();
  }
}
