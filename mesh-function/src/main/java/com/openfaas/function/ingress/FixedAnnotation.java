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

  @Override
  public String missing(Map<String, String> present, String namespace) {
    return "";
  }

  @Override
  public boolean guards(Map<String, String> present) {
    return false;
  }

  @Override
  public boolean holdsForAllPaths() {
    return false;
  }

  @Override
  public String objects(RouteName route, Map<String, String> present, String gateway) {
    return "";
  }
}
