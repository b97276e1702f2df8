package com.openfaas.function;

import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.observe.Self;
import com.openfaas.function.verify.ProofClient;

/** Whom a run speaks to, and who it is. */
final class Parties {
  final Cluster cluster;
  final ProofClient proofClient;
  final Self self;

  Parties(Cluster cluster, ProofClient proofClient, Self self) {
    this.cluster = cluster;
    this.proofClient = proofClient;
    this.self = self;
  }
}
