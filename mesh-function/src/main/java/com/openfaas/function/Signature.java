package com.openfaas.function;

import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.cluster.RunLease;
import com.openfaas.function.request.Action;
import com.openfaas.function.request.BadRequestException;
import com.openfaas.function.request.Invocation;
import com.openfaas.function.request.Signing;
import java.util.Map;

/** A signature that was accepted: it is recorded on the Lease before anything else is done. */
final class Signature {
  /** What each signed action means for the unsigned ones that follow. */
  private static final Map<Action, RunLease.AndThen> AFTER_SIGNED =
      Map.of(
          Action.APPLY, RunLease.AndThen.RELEASE,
          Action.REFRESH, RunLease.AndThen.GO_ON,
          Action.REVERT, RunLease.AndThen.HOLD);

  private Signature() {}

  /** By the API server's clock, which the first request tells. */
  static void record(Cluster cluster, String namespace, Invocation signed)
      throws BadRequestException, ClusterException, RunLease.Busy {
    RunLease.read(cluster, namespace);
    Signing.requireFresh(signed.signedAt, cluster.now());
    RunLease.recordSignature(cluster, namespace, signed.signedAt, AFTER_SIGNED.get(signed.action));
  }
}
