package com.openfaas.function;

import com.openfaas.model.AbstractHandler;
import com.openfaas.model.IRequest;
import com.openfaas.model.IResponse;
import com.openfaas.model.Response;

/**
 * Greets whoever the body names. Start here: the class keeps its name and its public constructor
 * without arguments, which runs once, before the first request.
 *
 * <p>Requests run side by side on this one object. If it implements {@link AutoCloseable}, {@code
 * close()} is called when the process is told to stop, while requests still run.
 */
public final class Handler extends AbstractHandler {

  @Override
  public IResponse Handle(IRequest request) {
    String name = request.getBody().isBlank() ? "world" : request.getBody().strip();
    Response response = new Response();
    response.setContentType("text/plain; charset=utf-8");
    response.setBody("Hello, " + name + "!\n");
    return response;
  }
}
