package com.openfaas.function;

import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.observe.Observation;
import com.openfaas.function.observe.Observer;
import com.openfaas.function.observe.Self;
import com.openfaas.function.plan.Planner;
import com.openfaas.function.plan.Step;
import com.openfaas.function.platform.Role;
import com.openfaas.function.policy.Policy;
import com.openfaas.function.preflight.Check;
import com.openfaas.function.preflight.Preflight;
import com.openfaas.function.preflight.ReadingChecks;
import com.openfaas.function.report.RunRecord;
import com.openfaas.function.request.Action;
import com.openfaas.function.request.BadRequestException;
import com.openfaas.function.request.Invocation;
import com.openfaas.function.rollout.CarryOut;
import com.openfaas.function.rollout.Limits;
import java.time.Clock;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One run, from looking to looking again. What it comes to stands in the record at every moment.
 */
final class MeshSetup {
  private final Cluster cluster;
  private final Policy policy;
  private final Self self;
  private final Clock clock;

  MeshSetup(Cluster cluster, Policy policy, Self self, Clock clock) {
    this.cluster = cluster;
    this.policy = policy;
    this.self = self;
    this.clock = clock;
  }

  /** Carries out what was asked; gives the changes that have to wait until the answer is out. */
  List<Step> run(RunRecord record, Limits limits)
      throws BadRequestException, ClusterException, InterruptedException {
    Invocation asked = record.invocation;
    Observation seen = look(record);
    if (seen == null) {
      return List.of();
    }
    requireKnown(asked, seen);
    record.plan = new Planner(seen.platform, asked, clock.instant().toString()).plan();
    record.checks.addAll(ReadingChecks.of(seen.platform, record.plan));
    if (asked.action == Action.STATUS || hasFailed(record.checks) || record.plan.isEmpty()) {
      return List.of();
    }
    record.checks.addAll(new Preflight(cluster).prove(record.plan, seen));
    if (asked.action == Action.PLAN || hasFailed(record.checks)) {
      return List.of();
    }
    return carryOut(record, seen, limits);
  }

  private List<Step> carryOut(RunRecord record, Observation seen, Limits limits)
      throws ClusterException, InterruptedException {
    CarryOut carryOut = new CarryOut(cluster, seen, record.plan, limits);
    try {
      carryOut.awaited();
      record.after = observe().platform;
      carryOut.last();
    } finally {
      record.results.addAll(carryOut.results());
    }
    return carryOut.deferred();
  }

  /** Null where nothing could be read: the record then says why. */
  private Observation look(RunRecord record) {
    try {
      Observation seen = observe();
      record.before = seen.platform;
      return seen;
    } catch (ClusterException e) {
      record.checks.add(ReadingChecks.unreadable(e.problem));
      return null;
    }
  }

  private Observation observe() throws ClusterException {
    return new Observer(cluster, policy, self).observe();
  }

  private static boolean hasFailed(List<Check> checks) {
    return checks.stream().anyMatch(Check::failed);
  }

  /** A name that is not there is a mistake of the caller's; unless the namespace was not read. */
  private static void requireKnown(Invocation asked, Observation seen) throws BadRequestException {
    if (!seen.platform.missing.isEmpty()) {
      return;
    }
    List<String> unknown =
        asked.functions.stream()
            .filter(
                name ->
                    seen.platform.workloads.stream()
                        .filter(w -> w.role == Role.FUNCTION || w.role == Role.SELF)
                        .noneMatch(
                            w -> name.equals(w.name) || name.equals(w.name + "." + w.namespace)))
            .map(name -> "functions: there is no function \"" + name + '"')
            .collect(Collectors.toList());
    if (!unknown.isEmpty()) {
      throw new BadRequestException(400, unknown);
    }
  }
}
