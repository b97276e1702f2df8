package com.openfaas.entrypoint;

import com.sun.net.httpserver.HttpExchange;
import java.io.PrintWriter;
import java.io.StringWriter;

/**
 * Writes failed requests to standard error, each in one write, so that the lines of two failures do
 * not mix. The query is left out: it may hold a secret. Text from the caller is reduced to
 * printable ASCII, because the log may be read on a terminal.
 */
final class FailureLog {

  private FailureLog() {}

  /** The handler failed: with the stack trace, which the caller does not get. */
  static void handlerFailed(HttpExchange exchange, Throwable failure) {
    System.err.println(withTrace("Failed: " + subject(exchange), failure));
  }

  /** The caller disconnected before it had the answer: not a bug, so no stack trace. */
  static void notDelivered(HttpExchange exchange, Exception failure) {
    System.err.println("Not delivered: " + subject(exchange) + ": " + failure);
  }

  static String withTrace(String message, Throwable failure) {
    StringWriter text = new StringWriter();
    PrintWriter writer = new PrintWriter(text);
    writer.print(message + ": ");
    failure.printStackTrace(writer);
    return text.toString().stripTrailing();
  }

  private static String subject(HttpExchange exchange) {
    String callId = exchange.getRequestHeaders().getFirst("X-Call-Id");
    String call = exchange.getRequestMethod() + " " + exchange.getRequestURI().getRawPath();
    String subject = callId == null ? call : call + " (X-Call-Id " + callId + ")";
    return subject.replaceAll("[^\\x20-\\x7e]", "?");
  }
}
