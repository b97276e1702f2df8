package com.openfaas.function.ingress;

/** Text for an operator, with places for what is known of the route and the gateway. */
final class Manifest {
  private final String text;

  /**
   * @param lines with {@code {namespace}} for the route's namespace, {@code {gateway}} for the
   *     gateway's address, and {@code {service}} and {@code {port}} for the parts of it
   */
  Manifest(String... lines) {
    this.text = lines.length == 0 ? "" : String.join("\n", lines) + "\n";
  }

  String fill(String namespace, String gateway) {
    return text.replace("{namespace}", namespace)
        .replace("{gateway}", gateway)
        .replace("{service}", gateway.substring(0, gateway.indexOf('.')))
        .replace("{port}", gateway.substring(gateway.lastIndexOf(':') + 1));
  }
}
