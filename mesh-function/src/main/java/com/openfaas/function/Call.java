package com.openfaas.function;

import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.report.Report;
import com.openfaas.function.report.Reporter;
import com.openfaas.function.report.RunRecord;
import com.openfaas.function.rollout.Budget;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/** A call, or what stands for one: who, since when, and how long it waits. */
final class Call {
  /**
   * Of the time, one part in ten is for the answer: to a process with 5 % of a CPU, one that is
   * made for the first time takes 2 s.
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

  /** What a run that answers within the time may wait for. */
  static Duration waitOf(Duration longest) {
    return longest.minus(longest.dividedBy(RESERVE));
  }

  /** What is left for requests; also where the wait was ended before its time. */
  Duration requestTime() {
    Duration left = waitOf(longest).minus(wait.spent());
    return left.isNegative() ? Duration.ZERO : left;
  }

  private static String version() {
    String version = Call.class.getPackage().getImplementationVersion();
    return Objects.requireNonNullElse(version, "dev");
  }
}
