package com.openfaas.function.report;

import com.openfaas.function.plan.Protection;
import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.platform.Workload.Role;
import com.openfaas.function.policy.Policy;
import com.openfaas.function.policy.Policy.Protect;
import com.openfaas.function.report.Finding.Severity;
import com.openfaas.function.rollout.StepResult.Phase;
import com.openfaas.function.verify.Watched.FunctionCaller;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Callers of functions past the gateway, one finding per identity however many functions it calls;
 * functions whose callers are not counted; and what keeps such callers from being refused.
 */
final class CallerFindings {
  /** Enough for a reader; callers[] has all of them. */
  private static final int MOST = 10;

  private static final int NAMED = 5;

  private static final String OWN =
      "; this is mesh-setup's own account, so its test calls are counted, too";

  private final RunRecord record;
  private final Policy policy;
  private final List<Finding> findings = new ArrayList<>();

  private CallerFindings(RunRecord record) {
    this.record = record;
    this.policy = record.policy;
  }

  /**
   * The findings of a run.
   *
   * @param told earlier findings: why a proxy cannot be read is reported once
   */
  static List<Finding> of(RunRecord record, List<Finding> told) {
    CallerFindings gathered = new CallerFindings(record);
    gathered.ofCallers();
    if (record.policy.protect != Protect.OFF) {
      gathered.ofUnlabelled(record.latest());
      gathered.ofUnwatched(
          record.watched.unwatched.stream()
              .filter(p -> told.stream().noneMatch(f -> isWhy(f, p)))
              .collect(Collectors.toList()));
    }
    return gathered.findings;
  }

  private static boolean isWhy(Finding told, Problem unwatched) {
    return told.subject.equals(unwatched.subject)
        && told.code.startsWith("metrics_")
        && unwatched.message.endsWith(told.message);
  }

  private void ofCallers() {
    Map<String, List<FunctionCaller>> byIdentity =
        grouped(record.watched.callers, caller -> caller.identity);
    byIdentity.values().stream()
        .sorted(Comparator.comparing((List<FunctionCaller> its) -> -requests(its)))
        .limit(MOST)
        .forEach(this::ofCaller);
    if (byIdentity.size() > MOST) {
      add(
          severity(),
          Code.FUNCTION_CALLED_PAST_GATEWAY,
          "functions",
          byIdentity.size()
              - MOST
              + " other identities have called them past the gateway, or tried to",
          "callers[] of the JSON report names each");
    }
  }

  private void ofCaller(List<FunctionCaller> its) {
    FunctionCaller first = its.get(0);
    List<FunctionCaller> let = where(its, caller -> caller.requests);
    if (!let.isEmpty()) {
      add(
          severity(),
          Code.FUNCTION_CALLED_PAST_GATEWAY,
          subject(first),
          "it has called "
              + names(let, caller -> caller.function)
              + " past the gateway, "
              + counted(let, requests(let)),
          remedy(first));
    }
    List<FunctionCaller> cut = where(its, caller -> caller.refused);
    if (!cut.isEmpty()) {
      long refused = cut.stream().mapToLong(caller -> caller.refused).sum();
      add(
          Severity.INFO,
          Code.CALLER_REFUSED,
          subject(first),
          "it was refused by "
              + names(cut, caller -> caller.function)
              + ", "
              + counted(cut, refused)
              + (isOwn(first.account) ? OWN : ""),
          remedy(first));
    }
  }

  /**
   * Whether it is the account of mesh-setup's pods, which functions share in the community edition.
   */
  private boolean isOwn(String account) {
    return record.latest().workloads.stream()
        .filter(workload -> workload.role == Role.SELF)
        .flatMap(self -> self.pods.stream().map(pod -> self.namespace + "/" + pod.account))
        .anyMatch(account::equals);
  }

  private static List<FunctionCaller> where(
      List<FunctionCaller> its, Function<FunctionCaller, Long> count) {
    return its.stream().filter(caller -> count.apply(caller) > 0).collect(Collectors.toList());
  }

  private Severity severity() {
    return policy.protect == Protect.OFF ? Severity.INFO : Severity.WARNING;
  }

  private static String subject(FunctionCaller caller) {
    if (caller.identity.isEmpty()) {
      return "a caller without identity";
    }
    return caller.account.isEmpty()
        ? "identity " + caller.identity
        : "serviceaccount " + caller.account;
  }

  private static String counted(List<FunctionCaller> its, long times) {
    return its.stream()
        .map(caller -> caller.since)
        .filter(Objects::nonNull)
        .min(Comparator.<Instant>naturalOrder())
        .map(since -> times(times) + " since " + since + ", when the first of their proxies began")
        .orElse(times(times));
  }

  private static String times(long times) {
    return times == 1 ? "once" : times + " times";
  }

  /** How to call through the gateway, or be allowed to bypass it. */
  private String remedy(FunctionCaller caller) {
    String road = "have it call " + policy.gatewayUrl + "/function/...";
    if (caller.account.isEmpty()) {
      return road
          + (caller.identity.isEmpty()
              ? "; a caller without a proxy has no identity and cannot be named in mesh_callers"
              : "; mesh_callers names ServiceAccounts of this mesh alone");
    }
    List<String> allowed = new ArrayList<>(policy.callers);
    allowed.add(caller.account);
    return road + "; if it may bypass the gateway: mesh_callers: " + String.join(",", allowed);
  }

  /** Without the label a function is not selected by mesh-setup's Server. */
  private void ofUnlabelled(Platform platform) {
    platform.workloads.stream()
        .filter(workload -> workload.role == Role.FUNCTION)
        .filter(function -> !function.template.labels.containsKey(Workload.FUNCTION_LABEL))
        .limit(MOST)
        .forEach(
            function ->
                add(
                    Severity.WARNING,
                    Code.FUNCTION_LABEL_MISSING,
                    function.subject(),
                    "its pods have no label faas_function, by which functions are protected: its"
                        + " callers are counted, but none will be refused",
                    "deploy it again with OpenFaaS, or "
                        + function.object.templatePatch(
                            "labels", Map.of(Workload.FUNCTION_LABEL, function.name))));
  }

  private void ofUnwatched(List<Problem> unwatched) {
    Map<String, List<Problem>> byReason = grouped(unwatched, problem -> problem.message);
    byReason.values().stream()
        .limit(MOST)
        .forEach(
            those ->
                add(
                    Severity.INFO,
                    Code.CALLERS_NOT_COUNTED,
                    those.size() == 1 ? those.get(0).subject : those.size() + " functions",
                    "callers are not known: "
                        + those.get(0).message
                        + (those.size() == 1 ? "" : ": " + names(those, p -> p.subject)),
                    those.get(0).hint));
    if (byReason.size() > MOST) {
      add(
          Severity.INFO,
          Code.CALLERS_NOT_COUNTED,
          "functions",
          "callers of others are not known, for " + (byReason.size() - MOST) + " other reasons",
          "verify has the reason for each");
    }
  }

  private static <T> Map<String, List<T>> grouped(List<T> all, Function<T, String> by) {
    return all.stream().collect(Collectors.groupingBy(by, TreeMap::new, Collectors.toList()));
  }

  private static <T> String names(List<T> all, Function<T, String> name) {
    String first = all.stream().map(name).distinct().limit(NAMED).collect(Collectors.joining(", "));
    long more = all.stream().map(name).distinct().count() - NAMED;
    return more > 0 ? first + " and " + more + " more" : first;
  }

  private static long requests(List<FunctionCaller> its) {
    return its.stream().mapToLong(caller -> caller.requests).sum();
  }

  private void add(Severity severity, Code code, String subject, String message, String hint) {
    findings.add(new Finding(severity, new Problem(code, subject, message, hint)));
  }

  /** What keeps mesh_protect from taking effect, by namespace. */
  static List<Finding> ofProtections(RunRecord record) {
    CallerFindings gathered = new CallerFindings(record);
    record.plan.protections.stream().filter(Protection::isAsked).forEach(gathered::ofProtection);
    return gathered.findings;
  }

  private void ofProtection(Protection protection) {
    if (protection.danger != null) {
      findings.add(
          new Finding(
              isOver(protection.danger) ? Severity.INFO : Severity.ERROR, protection.danger));
    }
    if (protection.needed != null) {
      findings.add(new Finding(Severity.WARNING, protection.needed));
    }
    if (protection.hindrance != null) {
      findings.add(new Finding(Severity.WARNING, protection.hindrance));
    } else if (policy.protect == Protect.ENFORCE) {
      protection.obstacles.stream()
          .limit(MOST)
          .forEach(problem -> findings.add(new Finding(Severity.INFO, problem)));
    }
    protection.gaps.stream()
        .filter(problem -> protection.danger == null && !isOver(problem))
        .limit(MOST)
        .forEach(problem -> findings.add(new Finding(Severity.WARNING, problem)));
    if (protection.danger == null
        && protection.now == Protect.ENFORCE
        && !protection.unprotected.isEmpty()) {
      findings.add(
          new Finding(
              Severity.WARNING,
              new Problem(
                  Code.NOT_PROTECTED,
                  "namespace " + protection.namespace,
                  "anybody can still call these of its functions: "
                      + String.join(", ", protection.unprotected),
                  "mesh them: invoke apply; an idle one is protected when it starts"
                      + " with a proxy")));
    }
  }

  /** Whether this run already allows all callers again. */
  private boolean isOver(Problem danger) {
    return record.results.stream()
        .anyMatch(r -> r.phase == Phase.DONE && r.step.subject().equals(danger.subject));
  }
}
