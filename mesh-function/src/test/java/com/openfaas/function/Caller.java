package com.openfaas.function;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.openfaas.function.lab.FaultTable;
import com.openfaas.function.lab.OperatorKey;
import com.openfaas.function.lab.TestPlatform;
import com.openfaas.model.IResponse;
import com.openfaas.model.Request;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Calls the function as the gateway would, on a platform of the lab and as its own account. */
final class Caller {
  private static final OperatorKey KEY = new OperatorKey("the operator's key");

  private final Handler handler;
  private final TestPlatform platform;
  private final String pod;
  private boolean awaitsTheEnd = true;

  Caller(TestPlatform platform) {
    this(platform, Map.of());
  }

  /**
   * @param settings what stack.yml would add to the environment
   */
  Caller(TestPlatform platform, Map<String, String> settings) {
    this(platform, settings, Clock.systemUTC());
  }

  /**
   * @param clock the clock of the node the function runs on
   */
  Caller(TestPlatform platform, Map<String, String> settings, Clock clock) {
    this(platform, settings, clock, Duration.ofSeconds(30));
  }

  /**
   * @param confirmation how long the way through a changed gateway must work, or fail
   */
  Caller(TestPlatform platform, Map<String, String> settings, Clock clock, Duration confirmation) {
    Map<String, String> environment = new HashMap<>(platform.functionEnvironment());
    // Long enough for a loaded machine: an answer comes when all is done, or as the test says.
    environment.put("exec_timeout", "300s");
    environment.putAll(settings);
    KEY.mountFor(environment);
    this.platform = platform;
    this.pod = environment.get("HOSTNAME");
    this.handler = new Handler(environment, clock, confirmation);
    platform.endsWith(this::end);
  }

  Answer apply() {
    return post("");
  }

  /**
   * Applies meanwhile, on a thread of its own: the common pool has one only on two cores, and since
   * JDK 25 others need it, too.
   */
  CompletableFuture<Answer> applyMeanwhile() {
    return CompletableFuture.supplyAsync(this::apply, run -> new Thread(run, "apply").start());
  }

  Answer post(String body) {
    return call("POST", body, "");
  }

  Answer get(String query) {
    return call("GET", "", query);
  }

  /** As faas-cli invoke --sign sends it, with the operator's key. */
  Answer signed(String action, Instant at) {
    return signedWith(KEY, action, at);
  }

  Answer signedWith(String key, String action, Instant at) {
    return signedWith(new OperatorKey(key), action, at);
  }

  private Answer signedWith(OperatorKey key, String action, Instant at) {
    String body = OperatorKey.body(action, at);
    return call("POST", body, "", Map.of(OperatorKey.HEADER, key.sign(body)));
  }

  private Answer call(String method, String body, String query) {
    return call(method, body, query, Map.of());
  }

  private Answer call(String method, String body, String query, Map<String, String> more) {
    Map<String, String> headers = new HashMap<>(more);
    headers.put("X-Http-Method", method);
    headers.put("X-Call-Id", "test");
    headers.put("Accept", "application/json");
    Answer answer = new Answer(handler.Handle(new Request(body, headers, query, "")));
    if (awaitsTheEnd && method.equals("POST")) {
      awaitTheEnd();
    }
    return answer;
  }

  /** From now on answers are given as they come, while the run goes on. */
  Caller inAHurry() {
    awaitsTheEnd = false;
    return this;
  }

  /**
   * A run outlives its answer: what it is about is as it should be only when it gives the lease
   * back. This caller's runs are those of its pod and call.
   */
  void awaitTheEnd() {
    platform.lease().awaitNotHeldBy((pod + "/test")::equals);
  }

  /** No run of this caller outlives the platform, on whose namespaces and webhook it works. */
  private void end() {
    handler.close();
    awaitTheEnd();
  }

  /** What came back. */
  static final class Answer {
    final int status;
    final String body;
    private final IResponse response;

    Answer(IResponse response) {
      this.response = response;
      this.status = response.getStatusCode();
      this.body = response.getBody();
    }

    String header(String name) {
      return response.getHeader(name);
    }

    JsonObject json() {
      return JsonParser.parseString(body).getAsJsonObject();
    }

    String outcome() {
      return json().get("outcome").getAsString();
    }

    double seconds() {
      return json().getAsJsonObject("run").get("durationMs").getAsLong() / 1000.0;
    }

    /** Notes in the table of faults what came of the run that met one. */
    Answer inTable(int number, String fault) {
      FaultTable.row(number, fault, outcome(), seconds());
      return this;
    }

    int requests() {
      return json().getAsJsonObject("run").get("apiRequests").getAsInt();
    }

    /** The report's entry of a workload. */
    JsonObject workload(String name) {
      for (var entry : json().getAsJsonArray("workloads")) {
        if (entry.getAsJsonObject().get("name").getAsString().equals(name)) {
          return entry.getAsJsonObject();
        }
      }
      throw new AssertionError("no workload " + name + " in " + body);
    }

    /** The status of each check by its id. */
    Map<String, String> checks() {
      Map<String, String> checks = new HashMap<>();
      for (var check : json().getAsJsonArray("checks")) {
        JsonObject object = check.getAsJsonObject();
        checks.put(object.get("id").getAsString(), object.get("status").getAsString());
      }
      return checks;
    }

    /** The message of the check, with its hint. */
    String check(String id) {
      for (var check : json().getAsJsonArray("checks")) {
        JsonObject object = check.getAsJsonObject();
        if (object.get("id").getAsString().equals(id)) {
          return object.get("message").getAsString() + " -> " + object.get("hint").getAsString();
        }
      }
      throw new AssertionError("no check " + id + " in " + body);
    }

    /** The codes of the findings. */
    List<String> findings() {
      List<String> codes = new ArrayList<>();
      json()
          .getAsJsonArray("findings")
          .forEach(finding -> codes.add(finding.getAsJsonObject().get("code").getAsString()));
      return codes;
    }

    /** The verdict on each edge to a function, by the function's name. */
    Map<String, String> verdicts() {
      Map<String, String> verdicts = new HashMap<>();
      for (var entry : json().getAsJsonArray("edges")) {
        JsonObject edge = entry.getAsJsonObject();
        String to = edge.get("to").getAsString();
        verdicts.put(to.substring(to.indexOf('/') + 1), edge.get("mtls").getAsString());
      }
      return verdicts;
    }

    /** The report's entry of the edge to a function. */
    JsonObject edge(String function) {
      for (var entry : json().getAsJsonArray("edges")) {
        if (entry.getAsJsonObject().get("to").getAsString().endsWith("/" + function)) {
          return entry.getAsJsonObject();
        }
      }
      throw new AssertionError("no edge to " + function + " in " + body);
    }

    String after(String name) {
      return workload(name).get("after").getAsString();
    }

    String change(String name) {
      return workload(name).get("change").getAsString();
    }
  }
}
