package com.openfaas.function.report;

import com.openfaas.function.platform.MeshStatus.State;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.preflight.Check;
import com.openfaas.function.report.Finding.Severity;
import com.openfaas.function.request.Action;
import com.openfaas.function.rollout.StepResult.Phase;
import com.openfaas.function.verify.Edge.Mtls;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the sentences of a report claim, and whether it is so. */
final class Claims {
  /** One object or several: {@code a}, {@code a and b}, {@code a, b, c and 4 more}. */
  private static final String WHO = "(?<who>[a-z][^;:]*?)";

  private static final Set<Phase> TOUCHED =
      Set.of(Phase.DONE, Phase.ROLLING, Phase.DEFERRED, Phase.FAILED, Phase.SUPERSEDED);
  private static final Set<Phase> CHANGED = Set.of(Phase.DONE, Phase.ROLLING, Phase.DEFERRED);
  private final RunRecord record;
  private final Report report;
  private final Facts facts;
  private final Map<Pattern, Predicate<Matcher>> claims = new LinkedHashMap<>();

  Claims(RunRecord record, Report report) {
    this.record = record;
    this.report = report;
    this.facts = new Facts(record);
    ofWhatIsLeft();
    ofWhatRollsOut();
    ofCauses();
    ofWhatWasDone();
    ofProof();
    ofHold();
  }

  private void ofWhatIsLeft() {
    claim(
        "Nothing to do",
        m -> facts.isSettled() && count(Severity.ERROR) + count(Severity.WARNING) == 0);
    claim("Nothing is left to change", m -> facts.isSettled());
    claim(
        "[Tt]o change (?<n>\\d+) objects?: " + asked(Action.APPLY),
        m ->
            number(m) == record.plan.steps.size()
                && record.results.isEmpty()
                && !facts.isBlocked());
    claim("Nothing was changed", m -> facts.results(TOUCHED::contains).isEmpty());
    claim(
        "[Ii]nvoke (?<verb>\\w+) again, left (is|are) "
            + WHO
            + ": "
            + asked(record.invocation.action),
        m ->
            m.group("verb").equals(record.invocation.action.toString())
                && all(m, facts.againHelps()));
    claim(
        "[Aa] signed refresh restarts "
            + WHO
            + ", whose proxies are stale: "
            + asked(Action.REFRESH),
        m -> all(m, facts.keys(State.STALE)));
  }

  private void ofWhatRollsOut() {
    claim(
        "[Cc]heck again in a minute, still rolling out: " + WHO + ": " + asked(Action.STATUS),
        m -> all(m, facts.underWay()));
    claim(
        "[Ii]nvoke apply again in a minute, still rolling out: " + WHO + ": " + asked(Action.APPLY),
        m ->
            all(m, facts.underWay())
                && none(m, facts.allOf(Phase.ROLLING))
                && Set.of(Action.APPLY, Action.REFRESH).contains(record.invocation.action)
                && record.invocation.only.isEmpty()
                && record.invocation.functions.isEmpty());
    claim(
        "[Cc]heck again in a minute: " + asked(Action.STATUS),
        m -> !facts.underWay().isEmpty() || !facts.last(false).isEmpty());
    claim(
        WHO + " (has a stuck rollout and is|have stuck rollouts and are) not changed",
        m -> all(m, facts.stuck()));
  }

  private void ofCauses() {
    claim(
        "[Tt]he annotations set on "
            + WHO
            + " were removed: finding values_removed has the patch to commit",
        m -> all(m, facts.takenOff()) && none(m, facts.againHelps()) && tells("values_removed"));
    claim("1 of (?<n>\\d+)(?=: )", m -> number(m) > 1 && number(m) <= causes());
    claim(
        "Renew it before anything else, ",
        m -> report.findings.stream().anyMatch(f -> f.code.endsWith("_expires")));
  }

  private void ofWhatWasDone() {
    claim(
        WHO + " (is as it was|are as they were) before",
        m -> all(m, facts.allOf(Phase.ROLLED_BACK)) && facts.allOf(Phase.FAILED).isEmpty());
    claim("nothing else was changed", m -> facts.results(TOUCHED::contains).isEmpty());
    claim(
        "(?<n>\\d+) (other )?objects? (stay|stays) changed",
        m -> number(m) == facts.results(CHANGED::contains).size());
    claim(
        "The run goes on with " + WHO + "; see how far: " + asked(Action.STATUS),
        m -> all(m, facts.last(true)));
    claim("The run goes on; see how far: " + asked(Action.STATUS), m -> record.underWay != null);
    claim(
        WHO + " rolls? back last",
        m -> facts.isRevert() && all(m, facts.last(false)) && none(m, facts.meshedByNamespace()));
    claim(
        WHO + " stays? meshed through (its|their) namespace",
        m -> all(m, facts.meshedByNamespace()));
    claim(
        WHO + " keeps? (its proxy|their proxies) until rolled out again",
        m -> all(m, facts.keepers()));
    claim(
        "Nothing of mesh-setup's was left to revert",
        m -> facts.recorded().isEmpty() && record.results.isEmpty());
  }

  private void ofHold() {
    claim("[Tt]he platform is held", m -> record.heldSince != null);
    claim(Pattern.quote(RevertSentence.release(record)), m -> record.heldSince != null);
  }

  private void ofProof() {
    claim(
        "(?<only>Only )?(?<n>\\d+) of (?<m>\\d+) edges are proven",
        m ->
            number(m) == facts.proven()
                && Integer.parseInt(m.group("m")) == record.dueEdges().size()
                && (m.group("only") != null) == (facts.proven() < record.dueEdges().size()));
    claim(
        "\\(not called: (?<who>[^;)]*)(?<idle>; idle functions are not scaled up)?\\)",
        m ->
            facts.isLeftOut(m.group("who"))
                && (m.group("idle") != null) == m.group("who").contains("idle"));
    claim(
        "each edge has the reason(; linkerd check --proxy -n [-a-z]+)?",
        m ->
            record.dueEdges().stream()
                .anyMatch(e -> e.mtls != Mtls.PROVEN && !e.message.isEmpty()));
    claim(
        "Nothing was proven: what was asked for has no edge that should be meshed",
        m -> record.dueEdges().isEmpty());
  }

  private String asked(Action action) {
    return Pattern.quote(record.command(action));
  }

  /** What failed, or is told as worth a word. */
  private long causes() {
    return count(Severity.ERROR)
        + count(Severity.WARNING)
        + record.results.stream().filter(result -> result.problem != null).count()
        + record.checks.stream().filter(Check::failed).count();
  }

  private void claim(String words, Predicate<Matcher> isSo) {
    claims.put(Pattern.compile(words), isSo);
  }

  /** Each claim of the sentence that is not so; what is no claim counts, too. */
  List<String> falseOnes() {
    List<String> wrong = new ArrayList<>();
    String rest = report.next;
    while (!rest.isEmpty()) {
      String advice = advice(rest);
      Matcher claim = advice.isEmpty() ? claimAt(rest) : null;
      if (advice.isEmpty() && claim == null) {
        return List.of("no claim covers: " + rest + " " + wrong);
      }
      if (claim != null && !claims.get(claim.pattern()).test(claim)) {
        wrong.add(report.outcome + ": " + claim.pattern());
      }
      int end = claim == null ? advice.length() : claim.end();
      rest = rest.substring(end).replaceFirst("^( but|[.,:;])?\\s*(but |and )?", "");
    }
    return wrong;
  }

  private Matcher claimAt(String rest) {
    return claims.keySet().stream()
        .map(pattern -> pattern.matcher(rest))
        .filter(Matcher::lookingAt)
        .findFirst()
        .orElse(null);
  }

  /** The advice of something that the report tells, word for word, at the start of the text. */
  private String advice(String text) {
    Stream<String> checks =
        record.checks.stream().filter(Check::failed).map(c -> c.id + " failed; " + c.hint);
    Stream<String> problems =
        Stream.concat(
                Stream.of(record.problem, record.busy),
                Stream.concat(
                    record.results.stream().map(result -> result.problem),
                    record.unreverted().stream()))
            .filter(Objects::nonNull)
            .flatMap(p -> Stream.of(p.subject + ": " + p.hint, p.hint));
    Stream<String> findings =
        report.findings.stream()
            .flatMap(
                f ->
                    Stream.of(
                        f.subject + ": " + f.hint,
                        f.hint,
                        f.subject + ": the finding " + f.code + " has what to apply"));
    List<Problem> unread = record.latest() == null ? List.of() : record.latest().missing;
    Stream<String> hints = unread.stream().map(problem -> problem.subject + ": " + problem.hint);
    return Stream.of(checks, problems, findings, hints)
        .flatMap(all -> all)
        .filter(words -> !words.isEmpty() && text.startsWith(words))
        .max(Comparator.comparing(String::length))
        .orElse("");
  }

  private static boolean all(Matcher claim, Set<String> names) {
    String who = claim.group("who");
    Matcher more = Pattern.compile("(.*) and (\\d+) more").matcher(who);
    boolean shortened = more.matches();
    List<String> named = List.of((shortened ? more.group(1) : who).split(", | and "));
    return names.containsAll(named)
        && (!shortened || names.size() >= named.size() + Integer.parseInt(more.group(2)));
  }

  private static boolean none(Matcher claim, Set<String> names) {
    return Stream.of(claim.group("who").split(", | and ")).noneMatch(names::contains);
  }

  private boolean tells(String code) {
    return report.findings.stream().anyMatch(finding -> finding.code.equals(code));
  }

  private long count(Severity severity) {
    return report.findings.stream().filter(finding -> finding.severity == severity).count();
  }

  private static int number(Matcher claim) {
    return Integer.parseInt(claim.group("n"));
  }
}
