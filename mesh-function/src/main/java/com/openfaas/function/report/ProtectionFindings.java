package com.openfaas.function.report;

import com.openfaas.function.plan.Protection;
import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.policy.Policy.Protect;
import com.openfaas.function.report.Finding.Severity;
import com.openfaas.function.rollout.StepResult;
import com.openfaas.function.rollout.StepResult.Phase;
import java.util.ArrayList;
import java.util.List;

/** What keeps mesh_protect from taking effect, by namespace. */
final class ProtectionFindings {
  private static final int MOST = 10;

  private final Protect asked;
  private final List<StepResult> results;
  private final List<Finding> findings = new ArrayList<>();

  private ProtectionFindings(RunRecord record) {
    this.asked = record.policy.protect;
    this.results = record.results;
  }

  static List<Finding> of(RunRecord record) {
    ProtectionFindings gathered = new ProtectionFindings(record);
    record.plan.protections.stream().filter(Protection::isAsked).forEach(gathered::add);
    return gathered.findings;
  }

  private void add(Protection protection) {
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
    } else if (asked == Protect.ENFORCE) {
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
    return results.stream()
        .anyMatch(r -> r.phase == Phase.DONE && r.step.subject().equals(danger.subject));
  }
}
