package com.openfaas.function.ingress;

import com.openfaas.function.platform.Annotations;
import java.util.Map;

/**
 * A setting of the whole controller that overwrites a client's header on every route: no annotation
 * of a route shows it, so only the operator's word counts ({@link ControllerProfile#VOUCHED}).
 */
final class UnseenSetting implements RouteSetting {
  private final String missing;

  UnseenSetting(ProfileRow row) {
    this.missing = row.text("unseen");
  }

  @Override
  public String mode() {
    return Annotations.INGRESS;
  }

  @Override
  public String missing(Map<String, String> present, String namespace) {
    return missing + "; once it is, annotate the route " + ControllerProfile.VOUCHED + "=true";
  }

  @Override
  public Map<String, String> afterwards(Map<String, String> present, String namespace) {
    return Map.of(ControllerProfile.VOUCHED, "true");
  }
}
