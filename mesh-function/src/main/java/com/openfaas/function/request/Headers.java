package com.openfaas.function.request;

import com.openfaas.model.IRequest;
import java.util.Map;
import java.util.TreeMap;

/** Request headers without regard to case: the upstream entrypoint hands on {@code X-call-id}. */
public final class Headers {
  private final Map<String, String> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  private Headers(Map<String, String> headers) {
    headers.forEach(
        (name, value) -> {
          if (name != null) {
            byName.put(name, value);
          }
        });
  }

  public static Headers of(IRequest request) {
    return new Headers(request.getHeaders() == null ? Map.of() : request.getHeaders());
  }

  /** The header's value, or null. */
  public String get(String name) {
    return byName.get(name);
  }
}
