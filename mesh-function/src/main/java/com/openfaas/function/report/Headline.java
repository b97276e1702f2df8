package com.openfaas.function.report;

import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.MeshStatus.State;
import com.openfaas.function.platform.Workload.Role;
import com.openfaas.function.preflight.Check;
import com.openfaas.function.report.Finding.Severity;
import com.openfaas.function.report.Report.EdgeEntry;
import com.openfaas.function.report.WorkloadEntry.Change;
import com.openfaas.function.verify.Edge.Mtls;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The one line that sums up a report, and its severity: first the worst problem, then how much is
 * meshed. The same in text, page, log and JSON.
 */
public final class Headline {
  private static final int LONGEST = 160;
  private static final Set<State> MESHED = Set.of(State.MESHED, State.STALE);

  /** What should not be meshed, cannot be, or has no pods. */
  private static final Set<State> LEFT_OUT = Set.of(State.OPTED_OUT, State.UNSUPPORTED, State.IDLE);

  public final String words;
  public final Tone tone;

  private final Report report;

  private Headline(Report report) {
    this.report = report;
    String cause = cause();
    boolean alone = report.workloads.isEmpty() || report.outcome == Outcome.BLOCKED;
    String mesh = onTheMesh();
    this.words =
        cause.isEmpty()
            ? mesh
            : alone
                ? cause
                : cause + "; " + Character.toLowerCase(mesh.charAt(0)) + mesh.substring(1);
    this.tone = Collections.max(tones());
  }

  public static Headline of(Report report) {
    return new Headline(report);
  }

  /** The first matching rule decides; empty if there is no problem to name. */
  private String cause() {
    return Stream.<Supplier<String>>of(
            this::ended,
            this::failedCheck,
            () -> edges("In plaintext: ", Mtls.PLAINTEXT),
            () -> workloads("Rollout stuck: ", w -> Code.ROLLOUT_STUCK.is(w.code)),
            this::putBack,
            () -> finding("Expiring: ", f -> isExpiry(f) && f.severity == Severity.ERROR),
            () -> finding("Wrong: ", f -> f.severity == Severity.ERROR),
            this::underWay,
            () -> finding("Not settled: ", f -> Code.LAST_RUN_FAILED.is(f.code)),
            () -> finding("Held: ", f -> Code.HELD.is(f.code)),
            () -> edges("Not proven: ", Mtls.NO_EVIDENCE),
            () -> finding("Expiring: ", Headline::isExpiry),
            () -> report.outcome == Outcome.REVERTED ? "Reverted" : "",
            () -> report.outcome == Outcome.VERIFIED ? "Every edge that can be is proven" : "")
        .map(Supplier::get)
        .filter(clause -> !clause.isEmpty())
        .findFirst()
        .orElse("");
  }

  private String ended() {
    switch (report.outcome) {
      case FAILED:
        String why = finding("", finding -> finding.severity == Severity.ERROR);
        return "Failed: " + (why.isEmpty() ? "see the function's log" : why);
      case ROLLED_BACK:
        return workloads("Rolled back: ", w -> w.change == Change.ROLLED_BACK);
      case BUSY:
        return "Busy: "
            + (report.underWay == null ? "another run is in progress" : report.underWay);
      default:
        return "";
    }
  }

  private String failedCheck() {
    return told(
        "Blocked: ",
        report.checks.stream()
            .filter(Check::failed)
            .map(check -> check.message)
            .collect(Collectors.toList()));
  }

  private String putBack() {
    Predicate<WorkloadEntry> rule =
        w -> Code.FAILED_BEFORE.is(w.code) || w.change == Change.ROLLED_BACK;
    String since =
        report.workloads.stream()
            .filter(w -> Code.FAILED_BEFORE.is(w.code))
            .map(w -> ", " + w.message.split(": ", 2)[0])
            .findFirst()
            .orElse("");
    return workloads("Failed on the mesh" + since + ": ", rule);
  }

  private String underWay() {
    return report.underWay == null ? "" : "Under way: " + report.underWay.place();
  }

  private String edges(String title, Mtls mtls) {
    List<String> ways = new ArrayList<>();
    due().filter(e -> e.mtls == mtls).forEach(e -> ways.add(e.from + " -> " + e.to));
    return ways.isEmpty() ? "" : title + Figures.some(ways);
  }

  /** The edges whose both ends could be meshed. */
  private Stream<EdgeEntry> due() {
    Set<String> out =
        report.workloads.stream()
            .filter(workload -> LEFT_OUT.contains(workload.after))
            .map(workload -> workload.namespace + "/" + workload.name)
            .collect(Collectors.toSet());
    return report.edges.stream().filter(edge -> !out.contains(edge.from) && !out.contains(edge.to));
  }

  private String workloads(String title, Predicate<WorkloadEntry> rule) {
    return told(
        title,
        report.workloads.stream().filter(rule).map(Headline::why).collect(Collectors.toList()));
  }

  /** Its name, and the last clause of what was observed: the cause. */
  private static String why(WorkloadEntry workload) {
    String why = workload.message.replaceFirst(".*; ", "");
    return workload.namespace + "/" + workload.name + (why.isEmpty() ? "" : ": " + why);
  }

  private String finding(String title, Predicate<Finding> rule) {
    return told(
        title,
        report.findings.stream()
            .filter(rule)
            .map(
                f -> isExpiry(f) || Code.HELD.is(f.code) ? f.message : f.subject + ": " + f.message)
            .collect(Collectors.toList()));
  }

  static boolean isExpiry(Finding finding) {
    return finding.code.endsWith("_expires");
  }

  /** The first message, without its explanation, and how many more there are. */
  private static String told(String title, List<String> messages) {
    if (messages.isEmpty()) {
      return "";
    }
    String first = messages.get(0).split("; | \\(", 2)[0];
    String more = messages.size() == 1 ? "" : " (and " + (messages.size() - 1) + " more)";
    int end =
        first.offsetByCodePoints(0, Math.min(LONGEST, first.codePointCount(0, first.length())));
    return title + first.substring(0, end) + (end < first.length() ? "..." : "") + more;
  }

  /** How much of what can be meshed is, and why the rest is not. */
  private String onTheMesh() {
    List<State> states = report.workloads.stream().map(w -> w.after).collect(Collectors.toList());
    if (states.isEmpty()) {
      return "Nothing was observed";
    }
    long able = states.stream().filter(state -> !LEFT_OUT.contains(state)).count();
    long meshed = states.stream().filter(MESHED::contains).count();
    List<String> others = others(states, able);
    boolean none = meshed == 0 && able > 0;
    return (none ? "Not on the mesh: " + able : "On the mesh: " + meshed)
        + " of "
        + able
        + (able < states.size() ? " that can be" : "")
        + (others.isEmpty() ? "" : " (" + String.join(", ", others) + ")");
  }

  /** What is not counted, or is counted as meshed but not in order. */
  private static List<String> others(List<State> states, long able) {
    Map<State, Long> counts =
        states.stream().collect(Collectors.groupingBy(state -> state, Collectors.counting()));
    List<State> order = new ArrayList<>(List.of(State.values()));
    order.removeAll(List.of(State.MESHED, State.IDLE));
    order.add(State.IDLE);
    List<String> others = new ArrayList<>();
    for (State state : order) {
      boolean said = state == State.UNMESHED && counts.getOrDefault(state, 0L) == able;
      if (counts.containsKey(state) && !said) {
        others.add(counts.get(state) + " " + state.words());
      }
    }
    return others;
  }

  private List<Tone> tones() {
    List<Tone> tones = new ArrayList<>(List.of(ofOutcome()));
    report.checks.stream()
        .filter(check -> check.status != Check.Status.SKIPPED)
        .forEach(check -> tones.add(Tone.of(check.status)));
    report.workloads.forEach(workload -> tones.add(ofWorkload(workload)));
    due().forEach(edge -> tones.add(Tone.of(edge.mtls)));
    Set<String> counted =
        report.workloads.stream()
            .filter(workload -> workload.after == State.UNSUPPORTED)
            .map(workload -> workload.code)
            .collect(Collectors.toSet());
    report.findings.stream()
        .filter(f -> f.severity != Severity.INFO && !counted.contains(f.code))
        .forEach(finding -> tones.add(Tone.of(finding.severity)));
    return tones;
  }

  private Tone ofOutcome() {
    if (report.outcome == Outcome.BUSY || report.outcome == Outcome.HELD) {
      return Tone.WARN;
    }
    if (report.outcome == Outcome.REVERTED) {
      return Tone.QUIET;
    }
    boolean open = report.outcome == Outcome.IN_PROGRESS || report.underWay != null;
    return !report.outcome.isSuccess() ? Tone.BAD : open ? Tone.BUSY : Tone.GOOD;
  }

  /** What is left out is counted and no fault; what is off the mesh on purpose is no alarm. */
  private Tone ofWorkload(WorkloadEntry workload) {
    if (LEFT_OUT.contains(workload.after)) {
      return Tone.GOOD;
    }
    if (workload.after == State.UNMESHED && report.outcome == Outcome.REVERTED) {
      return Tone.QUIET;
    }
    if (Code.ROLLOUT_STUCK.is(workload.code)) {
      return Tone.BAD;
    }
    boolean expected = ofOutcome() != Tone.GOOD || workload.role.equals(Role.INGRESS.toString());
    Tone tone = Tone.of(workload.after);
    return expected && tone == Tone.BAD ? Tone.WARN : tone;
  }

  /** Severity, in rising order; on the page, the meaning of a colour. */
  public enum Tone {
    GOOD,
    QUIET,
    BUSY,
    WARN,
    BAD;

    public static Tone of(State state) {
      switch (state) {
        case MESHED:
          return GOOD;
        case UNMESHED:
          return BAD;
        case ROLLING:
          return BUSY;
        case IDLE:
        case OPTED_OUT:
          return QUIET;
        default:
          return WARN;
      }
    }

    public static Tone of(Mtls mtls) {
      return mtls == Mtls.PROVEN ? GOOD : mtls == Mtls.PLAINTEXT ? BAD : WARN;
    }

    public static Tone of(Severity severity) {
      return severity == Severity.ERROR ? BAD : severity == Severity.WARNING ? WARN : QUIET;
    }

    public static Tone of(Check.Status status) {
      switch (status) {
        case PASS:
          return GOOD;
        case WARN:
          return WARN;
        case FAIL:
          return BAD;
        default:
          return QUIET;
      }
    }

    /** The name of its class in the stylesheet. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
