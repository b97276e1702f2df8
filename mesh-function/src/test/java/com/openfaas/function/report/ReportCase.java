package com.openfaas.function.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.openfaas.function.plan.Given;
import com.openfaas.function.plan.Plan;
import com.openfaas.function.plan.Planner;
import com.openfaas.function.plan.Scope;
import com.openfaas.function.plan.Step;
import com.openfaas.function.platform.Cases;
import com.openfaas.function.platform.PastRun;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Sample;
import com.openfaas.function.preflight.Checks;
import com.openfaas.function.preflight.ReadingChecks;
import com.openfaas.function.rollout.StepResult;
import com.openfaas.function.rollout.StepResult.Phase;
import com.openfaas.function.rollout.Steps;
import com.openfaas.function.verify.Edge;
import com.openfaas.function.verify.Watched;
import com.openfaas.function.verify.Watched.FunctionCaller;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A run as a case's given.yaml tells it; see cases/report/README.md. */
final class ReportCase {
  private final JsonNode yaml;

  ReportCase(Path folder) {
    this(Cases.yaml(folder.resolve("given.yaml")));
  }

  ReportCase(JsonNode yaml) {
    this.yaml = yaml;
    List<JsonNode> workloads = new ArrayList<>();
    yaml.path("workloads").forEach(given -> workloads.addAll(times(given)));
    if (!workloads.isEmpty()) {
      ((ObjectNode) yaml).putArray("workloads").addAll(workloads);
    }
  }

  private static List<JsonNode> times(JsonNode given) {
    List<JsonNode> alike = new ArrayList<>();
    for (int i = 1; i <= given.path("times").asInt(); i++) {
      ObjectNode another = given.deepCopy();
      alike.add(another.put("name", given.get("name").asText() + "-" + i));
    }
    return given.has("times") ? alike : List.of(given);
  }

  Report report() {
    return report(record(), yaml.path("millis").asLong(1234));
  }

  static Report report(RunRecord record, long millis) {
    return new Report(
        new Report.Run(
            "8f2c",
            record.invocation.action.toString(),
            "1.0.0",
            "2026-09-01T12:00:00Z",
            millis,
            50_000,
            11),
        record);
  }

  RunRecord record() {
    Given given = new Given(yaml);
    RunRecord record = new RunRecord(given.invocation(), given.policy());
    record.problem = problem(yaml.get("problem"));
    record.busy = problem(yaml.get("busy"));
    record.heldSince = yaml.has("held") ? Instant.parse(yaml.get("held").asText()) : null;
    record.underWay =
        yaml.has("progress") ? UnderWay.fromJson(yaml.get("progress").asText()) : null;
    record.pastRuns = pastRuns();
    if (yaml.has("unreadable")) {
      record.checks.add(ReadingChecks.unreadable(problem(yaml.get("unreadable"))));
    }
    if (record.problem != null || yaml.has("unreadable")) {
      return record;
    }
    record.before = given.platform();
    Scope scope = new Scope(record.before, record.policy, record.invocation);
    record.plan = new Planner(scope, Sample.MOMENT).plan();
    record.checks.addAll(ReadingChecks.of(scope, record.plan));
    for (JsonNode check : yaml.path("proof")) {
      record.checks.add(
          Checks.of(
              check.get("id").asText(),
              check.get("status").asText(),
              check.get("message").asText(),
              check.path("hint").asText()));
    }
    for (JsonNode result : yaml.path("results")) {
      record.results.add(result(record.plan, result));
    }
    yaml.path("edges").forEach(edge -> record.edges.add(edge(edge)));
    record.watched = watched();
    yaml.path("errors").forEach(error -> record.errors.add(problem(error)));
    yaml.path("warnings").forEach(warning -> record.warnings.add(problem(warning)));
    if (yaml.has("after")) {
      record.after = new Given(yaml.get("after")).platform();
    }
    return record;
  }

  private List<PastRun> pastRuns() {
    List<PastRun> runs = new ArrayList<>();
    for (JsonNode run : yaml.path("runs")) {
      runs.add(
          new PastRun(
              run.get("id").asText(),
              run.get("action").asText(),
              run.get("outcome").asText(),
              run.get("headline").asText(),
              run.path("failed").asBoolean(),
              Instant.parse(run.get("at").asText())));
    }
    return runs;
  }

  private Watched watched() {
    List<FunctionCaller> callers = new ArrayList<>();
    List<Problem> unwatched = new ArrayList<>();
    for (JsonNode caller : yaml.path("callers")) {
      String account = caller.path("account").asText();
      String[] parts = account.split("/", 2);
      callers.add(
          new FunctionCaller(
              account,
              account.isEmpty()
                  ? caller.path("identity").asText()
                  : parts[1] + "." + parts[0] + ".serviceaccount.identity.linkerd.cluster.local",
              caller.get("function").asText(),
              caller.path("requests").asLong(),
              caller.path("refused").asLong(),
              Instant.parse("2026-08-31T07:00:00Z")));
    }
    yaml.path("unwatched").forEach(problem -> unwatched.add(problem(problem)));
    return new Watched(callers, unwatched, Map.of(), Map.of(), Map.of());
  }

  private static StepResult result(Plan plan, JsonNode result) {
    String of = result.get("of").asText();
    Step step = plan.steps.stream().filter(s -> s.subject().equals(of)).findFirst().orElseThrow();
    Phase kind = Phase.valueOf(result.get("is").asText().toUpperCase(Locale.ROOT));
    Duration took = Duration.ofMillis(result.path("millis").asLong());
    return result.has("problem")
        ? Steps.troubled(step, kind, problem(result.get("problem")), took)
        : Steps.came(step, kind, took);
  }

  private static Edge edge(JsonNode edge) {
    JsonNode traffic = edge.path("traffic");
    Edge given =
        new Edge(
            edge.path("from").asText("openfaas/gateway"),
            edge.get("to").asText(),
            Edge.Mtls.valueOf(edge.get("is").asText().toUpperCase(Locale.ROOT)),
            edge.path("client").asText(),
            edge.path("server").asText(),
            traffic.isMissingNode()
                ? Edge.Traffic.NONE
                : new Edge.Traffic(
                    traffic.get("requests").asLong(),
                    traffic.get("ok").asDouble(),
                    traffic.get("p50").asDouble(),
                    traffic.get("p95").asDouble(),
                    traffic.get("p99").asDouble()),
            edge.path("message").asText("each side saw the other's identity"));
    return edge.has("protected") ? given.guarded(edge.get("protected").asBoolean()) : given;
  }

  private static Problem problem(JsonNode problem) {
    return problem == null
        ? null
        : new Problem(
            problem.get("code").asText(),
            problem.get("subject").asText(),
            problem.get("message").asText(),
            problem.get("hint").asText());
  }
}
