package com.openfaas.function.ingress;

import com.openfaas.function.platform.Annotations;
import java.util.Map;

/** An annotation that makes the controller dial the Service; mode {@code enabled} needs no more. */
final class ServiceAnnotation implements RouteSetting {
  private final Map<String, String> annotation;

  ServiceAnnotation(ProfileRow row) {
    this.annotation = Map.of(row.text("serviceAnnotation"), "true");
  }

  @Override
  public String mode() {
    return Annotations.ENABLED;
  }

  @Override
  public Map<String, String> annotations(Map<String, String> present, String gateway) {
    return annotation;
  }
}
