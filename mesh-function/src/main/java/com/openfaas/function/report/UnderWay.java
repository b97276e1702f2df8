package com.openfaas.function.report;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import com.openfaas.function.plan.Step;
import com.openfaas.function.plan.Wave;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.rollout.StepResult;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A run that goes on, and how far it has come: for its own process, and for others by the Lease.
 */
public final class UnderWay {
  private static final int NAMED = 10;
  private static final int WIDTH = 30;
  private static final Gson JSON = new Gson();

  /** How to look again, to be pasted. */
  static final String LOOK = "echo status | faas-cli invoke mesh-setup";

  public final String id;
  public final String since;

  /** What it is at, and which of how many waves that is. */
  public final String wave;

  public final int at;
  public final int waves;

  /** Objects that are done with, of all that the plan holds. */
  public final int done;

  public final int total;

  /** What failed, ten at most. */
  public final List<String> failed;

  private UnderWay(String id, String since, RunRecord record, List<StepResult> ended, Step next) {
    List<Wave> all =
        record.plan.steps.stream().map(step -> step.wave).distinct().collect(Collectors.toList());
    this.id = id;
    this.since = since;
    this.wave = next == null ? "end" : next.wave.name().toLowerCase(Locale.ROOT);
    this.waves = all.size();
    this.at = next == null ? waves : all.indexOf(next.wave) + 1;
    this.done = ended.size();
    this.total = record.plan.steps.size();
    this.failed =
        ended.stream()
            .filter(result -> result.problem != null)
            .map(result -> result.step.subject())
            .limit(NAMED)
            .collect(Collectors.toUnmodifiableList());
  }

  /** How far a run is; null where it has no plan yet. */
  public static UnderWay of(String id, String since, RunRecord record) {
    if (record.plan == null) {
      return null;
    }
    List<StepResult> ended =
        record.results.stream()
            .filter(r -> !r.kind.isOpen() && r.kind != StepResult.Kind.DEFERRED)
            .collect(Collectors.toList());
    Set<String> subjects = ended.stream().map(r -> r.step.subject()).collect(Collectors.toSet());
    Step next =
        record.plan.steps.stream()
            .filter(step -> !subjects.contains(step.subject()))
            .findFirst()
            .orElse(null);
    return new UnderWay(id, since, record, ended, next);
  }

  public String toJson() {
    return JSON.toJson(this);
  }

  /** What a Lease holds; null where it holds nothing of the kind, or somebody else's words. */
  public static UnderWay fromJson(String json) {
    try {
      UnderWay read = json == null ? null : JSON.fromJson(json, UnderWay.class);
      boolean whole =
          read != null
              && read.id != null
              && read.since != null
              && read.wave != null
              && read.failed != null;
      return whole ? read : null;
    } catch (JsonParseException e) {
      return null;
    }
  }

  /** Where it is, in one clause. */
  public String place() {
    return String.format(
        "wave %d of %d (%s), %d of %d objects done%s",
        at,
        waves,
        wave,
        done,
        total,
        failed.isEmpty() ? "" : "; failed: " + String.join(", ", failed));
  }

  @Override
  public String toString() {
    return "run " + id + " since " + since + ": " + place();
  }

  String goesOn() {
    return "The run goes on: " + place() + "; see how far: " + LOOK;
  }

  Problem problem() {
    return new Problem("run_under_way", "mesh-setup", toString(), LOOK);
  }

  /** As a terminal shows it. */
  String bar() {
    int full = total <= 0 ? 0 : Math.min(WIDTH, Math.max(0, WIDTH * done / total));
    return "[" + "#".repeat(full) + ".".repeat(WIDTH - full) + "]";
  }
}
