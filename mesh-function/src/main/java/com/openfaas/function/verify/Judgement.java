package com.openfaas.function.verify;

import com.openfaas.function.platform.Problem;
import java.util.Objects;

/** An edge with its verdict, and what the operator can do about it. */
final class Judgement {
  final Edge edge;

  /** Null where the edge is proven. */
  final Problem problem;

  Judgement(Edge edge, Problem problem) {
    this.edge = Objects.requireNonNull(edge);
    this.problem = problem;
  }
}
