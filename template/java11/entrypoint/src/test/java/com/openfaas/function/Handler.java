package com.openfaas.function;

import com.openfaas.model.AbstractHandler;
import com.openfaas.model.IRequest;
import com.openfaas.model.IResponse;
import com.openfaas.model.Response;
import java.util.concurrent.CountDownLatch;

/**
 * The handler that the started process finds: {@code /until-closed} answers once {@code close()}
 * was called, {@code /mebibyte} with that much. Built with {@code -Dhandler.fails=true} it fails.
 */
public final class Handler extends AbstractHandler implements AutoCloseable {

  private final CountDownLatch closed = new CountDownLatch(1);

  public Handler() {
    if (Boolean.getBoolean("handler.fails")) {
      throw new IllegalStateException("no key");
    }
  }

  @Override
  public IResponse Handle(IRequest request) {
    Response response = new Response();
    response.setBody(body(request.getPathRaw()));
    return response;
  }

  private String body(String path) {
    switch (path) {
      case "/until-closed":
        return untilClosed();
      case "/mebibyte":
        return "x".repeat(1 << 20);
      default:
        return "hello";
    }
  }

  @Override
  public void close() {
    closed.countDown();
  }

  private String untilClosed() {
    System.err.println("Waiting for close()");
    try {
      closed.await();
      return "stopped at a safe point";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }
}
