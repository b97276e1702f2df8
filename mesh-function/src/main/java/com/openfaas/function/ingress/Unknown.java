package com.openfaas.function.ingress;

/**
 * A controller that is not in the table: its mode cannot be known, and one that trusts a client's
 * header would become an open relay in mode {@code ingress}.
 */
final class Unknown {
  static final Controller LINE =
      new Controller(
          "unknown",
          "unknown controller",
          Recognition.byController(),
          Meshing.none(),
          ByOperator.nothing(),
          "left alone: the controller is not in the table; mTLS needs no more than linkerd.io/inject:"
              + " enabled on its pod template, where that is yours to set");

  private Unknown() {}
}
