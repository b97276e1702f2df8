package com.openfaas.function.e2e;

/** Whether the deployed version of mesh-setup can keep callers out that are not the gateway. */
final class Protect {
  private Protect() {}

  /**
   * Why that is not tried.
   *
   * @param proof what verify has told; null: it was not asked
   */
  static String why(Answer proof) {
    boolean known =
        proof != null
            && proof.isReport()
            && !proof.entries("edges", edge -> edge.has("protected")).isEmpty();
    return known
        ? "this version tells of edges whether they are protected; build/e2e does not try it yet"
        : "this version does not tell of edges whether they are protected";
  }
}
