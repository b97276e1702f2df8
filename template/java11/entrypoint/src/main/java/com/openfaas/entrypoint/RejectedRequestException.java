package com.openfaas.entrypoint;

/** The request must not reach the handler; the message is for the caller. */
final class RejectedRequestException extends Exception {

  private static final long serialVersionUID = 1L;

  final int status;

  RejectedRequestException(int status, String message) {
    super(message);
    this.status = status;
  }
}
