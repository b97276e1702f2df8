package com.openfaas.function;

import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.report.Report;
import com.openfaas.function.report.Reporter;
import com.openfaas.function.report.RunRecord;
import com.openfaas.function.rollout.Budget;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/** A call, or a run that no call started: its id, start and time limit. */
final class Call {
  /**
   * One tenth of the time is reserved for the answer: with 5 % of a CPU, the first answer of a
   * process takes 2 s to build.
   */
  private static final int RESERVE = 10;

  final String id;
  final Instant startedAt;
  final Duration longest;
  final Budget wait;
  Cluster cluster;

  Call(String id, Instant startedAt, Duration longest, Budget wait) {
    this.id = id;
    this.startedAt = startedAt;
    this.longest = longest;
    this.wait = wait;
  }

  Report report(RunRecord record) {
    Report.Run run =
        new Report.Run(
            id,
            record.invocation.action.toString(),
            version(),
            startedAt.toString(),
            wait.spent().toMillis(),
            longest.toMillis(),
            cluster == null ? 0 : cluster.requests());
    return Reporter.report(run, record);
  }

  /** How long a run that answers within {@code longest} may wait. */
  static Duration waitOf(Duration longest) {
    return longest.minus(longest.dividedBy(RESERVE));
  }

  /** The time left for requests, even where the wait was ended early. */
  Duration requestTime() {
    Duration left = waitOf(longest).minus(wait.spent());
    return left.isNegative() ? Duration.ZERO : left;
  }

  private static String version() {
    String version = Call.class.getPackage().getImplementationVersion();
    return Objects.requireNonNullElse(version, "dev");
  }
}
