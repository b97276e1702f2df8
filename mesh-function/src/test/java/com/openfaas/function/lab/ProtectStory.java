package com.openfaas.function.lab;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The story of a stranger who calls functions past the gateway: seen, then refused. */
final class ProtectStory {
  static final Map<String, String> SETTINGS = Map.of("mesh_protect", "enforce");

  private static final OperatorKey KEY = new OperatorKey("the demo's key");
  private static final Duration LATER = Duration.ofHours(2);

  private final HttpClient client = HttpClient.newHttpClient();
  private final TestPlatform platform;
  private final FakeGateway gateway;
  private final InboundPolicy policy;
  private final Consumer<String> say;
  private final List<String> surprises = new ArrayList<>();

  ProtectStory(TestPlatform platform, FakeGateway gateway, Consumer<String> say) {
    this.platform = platform;
    this.gateway = gateway;
    this.policy = gateway.policy();
    this.say = say;
    platform.account().apply("rbac-protect.yml");
  }

  /** Puts the operator's key where the process finds it, for the revert. */
  static void mountKey(Map<String, String> environment) {
    KEY.mountFor(environment);
  }

  /** Gives what was not as it should be; writePage writes how the page looks meanwhile. */
  List<String> tell(FunctionProcess function, Page page) throws IOException, InterruptedException {
    say.accept("apply, with mesh_protect: enforce. It begins with an audit of an hour");
    JsonObject first =
        JsonParser.parseString(function.invoke("POST", "", "").body()).getAsJsonObject();
    platform.awaitTheEnd();
    expect("first apply", "changed", first.get("outcome").getAsString());
    expect("a stranger calls nodeinfo past the gateway, in audit", 200, stranger());

    say.accept("status names him; so do the page and its map, which --page writes");
    String status = function.invoke("GET", "format=text", "").body();
    System.err.println(status.replaceAll("(?m)^", "    "));
    expect("status names him", true, status.contains("without identity"));
    page.write();

    say.accept("he gives up, the functions get new pods, and all clocks go two hours ahead: apply");
    platform.admin().pods().inNamespace(platform.functions()).withLabel("faas_function").delete();
    platform.awaitSettled();
    gateway.awaitServing("env", "figlet", "nodeinfo", "mesh-setup");
    gateway.proxies().age(LATER);
    policy.age(platform.functions(), LATER);
    JsonObject second =
        JsonParser.parseString(function.invoke("POST", "", "").body()).getAsJsonObject();
    platform.awaitTheEnd();
    expect("second apply", "changed", second.get("outcome").getAsString());
    expect("the stranger", 403, stranger());
    expect("the gateway", 200, status("POST", gateway.function("nodeinfo"), "", Map.of()));

    say.accept("a signed revert, which takes everything back");
    String body = OperatorKey.body("revert", Instant.now());
    int reverted = status("POST", function.url(), body, Map.of(OperatorKey.HEADER, KEY.sign(body)));
    platform.awaitTheEnd();
    expect("revert", 200, reverted);
    expect("the stranger, once more", 200, stranger());
    return surprises;
  }

  private int stranger() throws IOException, InterruptedException {
    Pod pod =
        FunctionPods.of(platform, "nodeinfo").stream()
            .filter(each -> each.getMetadata().getDeletionTimestamp() == null)
            .findFirst()
            .orElseThrow();
    URI uri = URI.create("http://" + pod.getStatus().getPodIP() + ":8080/");
    return status("POST", uri, "", Map.of());
  }

  private int status(String method, URI uri, String body, Map<String, String> headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).method(method, BodyPublishers.ofString(body));
    headers.forEach(request::header);
    return client.send(request.build(), BodyHandlers.discarding()).statusCode();
  }

  private void expect(String what, Object expected, Object actual) {
    say.accept(what + ": " + actual);
    if (!expected.equals(actual)) {
      surprises.add(what + ": expected " + expected + ", was " + actual);
    }
  }

  /** Writes the page, where one is wanted. */
  interface Page {
    void write() throws IOException, InterruptedException;
  }
}
