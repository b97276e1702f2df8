package com.openfaas.function.lab;

/** There is nothing to test on; the message says what was tried. */
final class NoClusterException extends Exception {
  NoClusterException(String message) {
    super(message);
  }
}
