package com.openfaas.function.ingress;

import java.util.Map;

/**
 * A setting of the whole controller, or nothing at all: no annotation of a route shows it, so in
 * mode {@code ingress} only the operator's word counts ({@link Controller#VOUCHED}).
 */
final class ByOperator implements RouteSetting {
  private final String missing;
  private final Manifest manifest;

  private ByOperator(String missing, Manifest manifest) {
    this.missing = missing;
    this.manifest = manifest;
  }

  /** Nothing to set. */
  static ByOperator nothing() {
    return new ByOperator("", new Manifest());
  }

  /** Nothing that can be checked, but something to apply. */
  static ByOperator applies(String... manifest) {
    return new ByOperator("", new Manifest(manifest));
  }

  /**
   * A setting that overwrites a client's header on every route.
   *
   * @param missing the sentence while the operator's word is not given
   */
  static ByOperator setsForAllRoutes(String missing, String... manifest) {
    return new ByOperator(missing, new Manifest(manifest));
  }

  @Override
  public String missing(Map<String, String> present, String namespace) {
    return missing.isEmpty()
        ? ""
        : missing + "; once it is, annotate the route " + Controller.VOUCHED + "=true";
  }

  @Override
  public String objects(RouteName route, Map<String, String> present, String gateway) {
    String text = manifest.fill(route.namespace, gateway);
    return missing.isEmpty()
        ? text
        : text + "# then:\n# " + route.annotate(Controller.VOUCHED, "true") + "\n";
  }
}
