package com.openfaas.entrypoint;

import com.openfaas.model.IResponse;
import com.openfaas.model.Response;

/** Responses as handlers make them. */
final class Responses {

  private Responses() {}

  static IResponse body(String body) {
    return response(200, body);
  }

  static Response response(int status, String body) {
    Response response = new Response();
    response.setStatusCode(status);
    response.setBody(body);
    return response;
  }
}
