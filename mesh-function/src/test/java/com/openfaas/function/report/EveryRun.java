package com.openfaas.function.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.openfaas.function.plan.Step;
import com.openfaas.function.plan.Step.Reason;
import com.openfaas.function.plan.Wave;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.request.Action;
import com.openfaas.function.rollout.StepResult.Phase;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Runs of every action, on platforms of every kind, with every outcome of each of their steps; as
 * the folders of cases/report tell them.
 */
final class EveryRun {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String OURS = "{\"linkerd.io/inject\":null}";
  private static final List<String> FUNCTION =
      List.of(
          "unmeshed",
          "ours",
          "born",
          "partial",
          "stale",
          "rolling",
          "stuck",
          "idle",
          "out",
          "failed",
          "host");
  private static final List<String> GATEWAY = List.of("unmeshed", "ours", "rolling", "out");

  private static final List<String> BESIDE = List.of("unmeshed", "ours");
  private static final List<String> BESIDE_STUCK = List.of("unmeshed", "ours", "stuck");

  /** Of the functions' namespace: nobody asks, we did, its operator did; and of the gateway's. */
  private static final List<String> NAMESPACES = List.of("none", "ours", "operator", "both");

  private EveryRun() {}

  static void each(Consumer<RunRecord> consumer) {
    ExpiringRuns.each(consumer);
    for (Action action : Action.values()) {
      for (String namespaces : NAMESPACES) {
        for (String figlet : FUNCTION) {
          for (String gateway : GATEWAY) {
            for (String env : figlet.equals("stuck") ? BESIDE_STUCK : BESIDE) {
              each(
                  given(action, namespaces, Map.of("figlet", figlet, "env", env), gateway),
                  consumer);
            }
          }
        }
      }
    }
  }

  static void each(ObjectNode given, Consumer<RunRecord> consumer) {
    RunRecord nothingDone = new ReportCase(given).record();
    boolean writes = nothingDone.invocation.action.writes();
    List<Step> steps = nothingDone.plan.steps;
    if (!writes || steps.isEmpty()) {
      consumer.accept(nothingDone);
      return;
    }
    for (int first = 0; first < steps.size(); first++) {
      for (Phase kind : Phase.values()) {
        if (isPossible(steps.get(first), kind)) {
          consumer.accept(new ReportCase(done(given.deepCopy(), steps, first, kind)).record());
        }
      }
    }
  }

  private static boolean isPossible(Step step, Phase kind) {
    switch (kind) {
      case DEFERRED:
        return step.wave == Wave.GATEWAY;
      case WITHHELD:
        // Only beside what was rolled back, see done.
        return false;
      case ROLLED_BACK:
        return step.wave.awaited && step.workload != null;
      default:
        return true;
    }
  }

  /** All before the step done; then this came of it; what follows is begun or not. */
  private static ObjectNode done(ObjectNode given, List<Step> steps, int at, Phase kind) {
    Map<String, Phase> kinds = new HashMap<>();
    ArrayNode results = given.putArray("results");
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      Phase usual = step.wave.awaited ? Phase.DONE : Phase.ROLLING;
      Phase is = i < at ? usual : i == at ? kind : later(step, steps.get(at), kind, usual);
      kinds.put(step.subject(), is);
      ObjectNode result = results.addObject().put("of", step.subject());
      result.put("is", is.name().toLowerCase(Locale.ROOT)).put("millis", 1000);
      if (Set.of(Phase.FAILED, Phase.ROLLED_BACK, Phase.SUPERSEDED).contains(is)) {
        result
            .putObject("problem")
            .put("code", "rollout_stopped")
            .put("subject", step.subject())
            .put("message", "it did not come up")
            .put("hint", "kubectl describe it");
      }
    }
    ObjectNode after = given.deepCopy();
    after.remove(List.of("results", "ask"));
    steps.forEach(step -> seenAfter(after, step, kinds.get(step.subject())));
    given.set("after", after);
    return given;
  }

  /** What comes of a step after one of which that has come. */
  private static Phase later(Step step, Step decisive, Phase kind, Phase usual) {
    boolean goesOn = Set.of(Phase.DONE, Phase.SUPERSEDED, Phase.DEFERRED).contains(kind);
    boolean sameWave = step.wave == decisive.wave && kind != Phase.NOT_STARTED;
    boolean degraded = kind == Phase.ROLLED_BACK && decisive.wave != Wave.CANARY;
    Phase stopped = kind == Phase.ROLLED_BACK ? Phase.WITHHELD : Phase.NOT_STARTED;
    return goesOn || sameWave || degraded ? usual : stopped;
  }

  /** The second observation, which comes before the steps that are not waited for. */
  private static void seenAfter(ObjectNode after, Step step, Phase kind) {
    boolean seen = step.wave.awaited && (kind == Phase.DONE || kind == Phase.ROLLING);
    if (!seen) {
      return;
    }
    ObjectNode object = find(after, step);
    String inject = step.annotations.get(Annotations.INJECT);
    if (step.annotations.containsKey(Annotations.INJECT)) {
      object.put("inject", inject);
    }
    if (step.reason == Reason.REVERT) {
      object.remove("previous");
    } else {
      object.put("previous", OURS);
    }
    if (step.workload == null) {
      return;
    }
    object.remove("failed");
    boolean asked =
        object.path("inject").asText("").equals("enabled")
            || after
                .path("namespaces")
                .path(step.namespace)
                .path("inject")
                .asText("")
                .equals("enabled");
    ObjectNode pods = object.putObject("pods").put(asked ? "meshed" : "unmeshed", 1);
    if (kind == Phase.ROLLING) {
      pods.put("rolling", 1);
    }
  }

  private static ObjectNode find(ObjectNode platform, Step step) {
    if (step.workload == null) {
      return (ObjectNode) platform.path("namespaces").path(step.object.name);
    }
    for (var workload : platform.path("workloads")) {
      if (workload.path("name").asText().equals(step.workload.name)) {
        return (ObjectNode) workload;
      }
    }
    throw new AssertionError(step.subject());
  }

  static ObjectNode given(
      Action action, String namespaces, Map<String, String> functions, String gateway) {
    ObjectNode given = JSON.createObjectNode().put("nats", "4222");
    given.putObject("ask").put("action", action.toString());
    if (action == Action.REVERT && namespaces.equals("both")) {
      given.put("held", "2026-09-01T11:59:00Z");
    }
    ObjectNode all = given.putObject("namespaces");
    namespace(all.putObject("openfaas-fn"), namespaces);
    ObjectNode core = all.putObject("openfaas").put("core", true);
    if (namespaces.equals("both")) {
      core.put("inject", "enabled");
    }
    ArrayNode workloads = given.putArray("workloads");
    workload(workloads.addObject().put("role", "gateway").put("name", "gateway"), gateway);
    workload(workloads.addObject().put("role", "self").put("name", "mesh-setup"), gateway);
    functions.forEach((name, kind) -> workload(workloads.addObject().put("name", name), kind));
    return given;
  }

  private static void namespace(ObjectNode namespace, String kind) {
    if (!kind.equals("none")) {
      namespace.put("inject", "enabled");
    }
    if (kind.equals("ours")) {
      namespace.put("previous", OURS);
    }
  }

  private static void workload(ObjectNode workload, String kind) {
    ObjectNode pods = workload.putObject("pods");
    switch (kind) {
      case "ours":
        workload.put("inject", "enabled").put("previous", OURS).put("skip", "4222,4567,4568");
        pods.put("meshed", 1);
        break;
      case "born":
        pods.put("meshed", 1);
        break;
      case "partial":
        pods.put("meshed", 1).put("unmeshed", 1);
        break;
      case "rolling":
        pods.put("unmeshed", 1).put("rolling", 1);
        break;
      case "stuck":
        pods.put("unmeshed", 1).put("rolling", 1).put("stuck", "CrashLoopBackOff");
        break;
      case "idle":
        pods.put("unmeshed", 0);
        break;
      case "out":
        workload.put("inject", "disabled");
        pods.put("unmeshed", 1);
        break;
      case "failed":
        workload.put("inject", "disabled").put("previous", OURS);
        workload.putObject("failed").put("at", "2026-09-01T06:00:00Z").put("reason", "no");
        pods.put("unmeshed", 1);
        break;
      case "host":
        workload.put("hostNetwork", true);
        pods.put("unmeshed", 1);
        break;
      default:
        pods.put(kind, 1);
    }
  }
}
