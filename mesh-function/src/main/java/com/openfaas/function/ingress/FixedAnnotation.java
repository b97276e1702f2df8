package com.openfaas.function.ingress;

import java.util.Map;

/** An annotation that makes the controller dial the Service; mode {@code enabled} needs no more. */
final class FixedAnnotation implements RouteSetting {
  private final Map<String, String> annotation;

  FixedAnnotation(String key, String value) {
    this.annotation = Map.of(key, value);
  }

  @Override
  public Map<String, String> annotations(Map<String, String> present, String gateway) {
    return annotation;
  }
}
