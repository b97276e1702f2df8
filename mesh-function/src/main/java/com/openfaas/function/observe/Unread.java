package com.openfaas.function.observe;

import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.platform.Problem;

/** Tells what one part of a look may lack from what ends the look. */
final class Unread {
  private Unread() {}

  /** The problem to note; thrown on where every other request would fail as well. */
  static Problem problem(ClusterException e) throws ClusterException {
    if (e.concernsEveryRequest()) {
      throw e;
    }
    return e.problem;
  }
}
