package com.openfaas.function.report;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import com.openfaas.function.plan.Step;
import com.openfaas.function.plan.Wave;
import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.rollout.StepResult;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A run in progress and how far it is: for its own process, and for others through the Lease. */
public final class UnderWay {
  private static final int NAMED = 10;
  private static final int WIDTH = 30;
  private static final int LONGEST = 16 * 1024;

  /** Names of pods, calls and objects. */
  private static final Pattern PLAIN = Pattern.compile("[\\w./: -]{1,600}");

  private static final Gson JSON = new Gson();

  public final String id;
  public final String since;

  /** The current wave, and its number of how many. */
  public final String wave;

  public final int at;
  public final int waves;

  /** Finished objects, of all in the plan. */
  public final int done;

  public final int total;

  /** Failed objects, at most ten. */
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

  /** How far a run is; null if it has no plan yet. */
  public static UnderWay of(String id, String since, RunRecord record) {
    if (record.plan == null) {
      return null;
    }
    Set<String> planned = record.plan.steps.stream().map(Step::subject).collect(Collectors.toSet());
    List<StepResult> ended =
        record.results.stream()
            .filter(r -> planned.contains(r.step.subject()))
            .filter(r -> !r.phase.isOpen() && r.phase != StepResult.Phase.DEFERRED)
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

  /** The content of a Lease; null if no run of ours can have written it. */
  public static UnderWay fromJson(String json) {
    try {
      boolean tooLong = json == null || json.length() > LONGEST;
      UnderWay read = tooLong ? null : JSON.fromJson(json, UnderWay.class);
      return read != null && read.isOurs() ? read : null;
    } catch (JsonParseException | DateTimeException e) {
      return null;
    }
  }

  /** Anyone who may edit the Lease can forge it: accept plain names and consistent numbers only. */
  private boolean isOurs() {
    boolean whole = id != null && since != null && wave != null && failed != null;
    return whole
        && addsUp()
        && failed.size() <= NAMED
        && Stream.concat(Stream.of(id, wave), failed.stream()).allMatch(UnderWay::isPlain)
        && Instant.parse(since).getEpochSecond() > 0;
  }

  private boolean addsUp() {
    int last = Wave.values().length;
    return 0 <= at && at <= waves && waves <= last && 0 <= done && done <= total;
  }

  private static boolean isPlain(String words) {
    return words != null && PLAIN.matcher(words).matches();
  }

  /** Where it is, in one clause. */
  public String place() {
    if (total == 0) {
      return "confirming the gateway's change";
    }
    return String.format(
        Locale.ROOT,
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
    return named() + ": " + place();
  }

  String named() {
    return "run " + id + " since " + since;
  }

  /**
   * @param look the command that shows its progress
   */
  static String goesOn(String look) {
    return "The run goes on; see how far: " + look;
  }

  Problem problem(String look) {
    return new Problem(Code.RUN_UNDER_WAY, "mesh-setup", toString(), look);
  }

  /** For a terminal. */
  String bar() {
    int full = total == 0 ? 0 : (int) ((long) WIDTH * done / total);
    return "[" + "#".repeat(full) + ".".repeat(WIDTH - full) + "]";
  }
}
