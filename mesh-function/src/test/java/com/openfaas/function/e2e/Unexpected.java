package com.openfaas.function.e2e;

/** What was seen is not what should be: the step has failed, and the story goes to its end. */
final class Unexpected extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Unexpected(String message) {
    super(message);
  }
}
