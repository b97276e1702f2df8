package com.openfaas.function.lab;

/** There is nothing to test on; the message says what was tried. */
public final class NoClusterException extends Exception {
  private static final long serialVersionUID = 1L;

  NoClusterException(String message) {
    super(message);
  }
}
