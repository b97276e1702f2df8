package com.openfaas.function.ingress;

import java.util.Map;

/** What a controller needs on every route, whatever the route has. */
final class FixedSetting implements RouteSetting {
  /** For a route that needs nothing. */
  static final RouteSetting NONE = new FixedSetting("", Map.of(), "");

  private final String mode;
  private final Map<String, String> annotations;
  private final String unseen;

  /**
   * What one controller needs.
   *
   * @param mode the value of {@code linkerd.io/inject} it is meant for; empty for any
   * @param annotations to write on each route
   * @param unseen a setting of the whole controller that overwrites a client's header on every
   *     route: no annotation shows it, so the operator has to vouch for it ({@link
   *     ControllerProfile#VOUCHED}); empty if there is none
   */
  FixedSetting(String mode, Map<String, String> annotations, String unseen) {
    this.mode = mode;
    this.annotations = annotations;
    this.unseen = unseen;
  }

  @Override
  public String mode() {
    return mode;
  }

  @Override
  public Map<String, String> annotations(Map<String, String> present, String gateway) {
    return annotations;
  }

  @Override
  public String missing(Map<String, String> present, String namespace) {
    return unseen.isEmpty()
        ? ""
        : unseen + "; once it is, annotate the route " + ControllerProfile.VOUCHED + "=true";
  }

  @Override
  public Map<String, String> afterwards(Map<String, String> present, String namespace) {
    return unseen.isEmpty() ? Map.of() : Map.of(ControllerProfile.VOUCHED, "true");
  }
}
