package com.openfaas.function.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.io.IOException;
import java.util.Base64;
import java.util.Map;

/**
 * The gateway's API, as far as a function is deployed and deleted by it: behind the basic
 * authentication whose password is in the Secret basic-auth, as the chart makes it.
 */
public final class SystemFunctions implements HttpHandler {
  private static final String USER = "admin";
  private static final String PASSWORD = "the-gateway's-password";

  private final TestPlatform platform;

  private SystemFunctions(TestPlatform platform) {
    this.platform = platform;
  }

  /** With the Secret. */
  public static SystemFunctions of(TestPlatform platform) {
    platform
        .admin()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("basic-auth")
                .withNamespace(platform.openfaas())
                .endMetadata()
                .addToStringData(Map.of("basic-auth-user", USER, "basic-auth-password", PASSWORD))
                .build())
        .forceConflicts()
        .serverSideApply();
    return new SystemFunctions(platform);
  }

  @Override
  public void handle(HttpExchange call) throws IOException {
    String expected =
        "Basic " + Base64.getEncoder().encodeToString((USER + ":" + PASSWORD).getBytes(UTF_8));
    if (!expected.equals(call.getRequestHeaders().getFirst("Authorization"))) {
      call.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"Restricted\"");
      Forward.answer(call, 401, "invalid credentials".getBytes(UTF_8));
      return;
    }
    String body = new String(call.getRequestBody().readAllBytes(), UTF_8);
    JsonObject function = JsonParser.parseString(body).getAsJsonObject();
    switch (call.getRequestMethod()) {
      case "POST":
        platform.deployFunction(
            function.get("namespace").getAsString(),
            function.get("service").getAsString(),
            deployment -> deployment);
        break;
      case "DELETE":
        platform.deleteFunction(function.get("functionName").getAsString());
        break;
      default:
        Forward.answer(call, 405, new byte[0]);
        return;
    }
    Forward.answer(call, 202, new byte[0]);
  }
}
