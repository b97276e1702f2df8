package com.openfaas.entrypoint;

import com.openfaas.model.IHandler;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.InputStream;

/**
 * One request from the socket to the handler and back. Whatever the handler does, the caller gets
 * an HTTP answer: it would see a dropped connection as an empty 500 without a reason.
 */
final class Invocation implements HttpHandler {

  /**
   * How much of an unread body is read and discarded after an early answer. Closing the connection
   * of a caller that is still sending resets it, and the reset can overtake the answer.
   */
  private static final long DISCARDED_BYTES = 64L << 20;

  private final IHandler handler;
  private final int maxBodyBytes;
  private final Admission admission;

  Invocation(IHandler handler, int maxBodyBytes, Admission admission) {
    this.handler = handler;
    this.maxBodyBytes = maxBodyBytes;
    this.admission = admission;
  }

  @Override
  public void handle(HttpExchange exchange) {
    try {
      Answer answer = admission.isTurnedAway() ? turnedAway() : answer(exchange);
      if (answer.sendTo(exchange)) {
        discardRest(exchange.getRequestBody());
      }
    } catch (IOException e) {
      FailureLog.notDelivered(exchange, e);
    } finally {
      exchange.close();
    }
  }

  private Answer turnedAway() {
    String reason = admission.isEnded() ? "The function is stopping." : "The function is busy.";
    return Answer.text(503, reason + " Try again in a second.").with("Retry-After", "1");
  }

  private Answer answer(HttpExchange exchange) throws IOException {
    try {
      return Answer.of(handler.Handle(InboundRequest.read(exchange, maxBodyBytes)));
    } catch (RejectedRequestException e) {
      return Answer.text(e.status, e.getMessage());
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      // Errors too: the thread returns to the pool, and the caller still waits for an answer.
      FailureLog.handlerFailed(exchange, e);
      return Answer.text(500, "The function failed; its log says why.");
    }
  }

  private static void discardRest(InputStream body) throws IOException {
    byte[] chunk = new byte[8192];
    long discarded = 0;
    int count = body.read(chunk);
    while (count >= 0 && discarded < DISCARDED_BYTES) {
      discarded += count;
      count = body.read(chunk);
    }
  }
}
