package com.openfaas.function.bench;

import java.io.IOException;
import java.util.Locale;
import java.util.Map;

/** How large the function is: what a registry keeps of it beside the base image, uncompressed. */
final class Sizes {
  private static final Map<String, String> WHAT =
      Map.of(
          "entrypoint", "the template's entrypoint",
          "lib", "the function's dependencies",
          "function", "the function's own jar");

  private Sizes() {}

  static Table measure(Image image) throws IOException {
    Table table = new Table("layer", "KiB");
    long whole = 0;
    for (Map.Entry<String, Long> layer : image.layers().entrySet()) {
      table.row(
          WHAT.getOrDefault(layer.getKey(), layer.getKey()),
          String.format(Locale.ROOT, "%d", layer.getValue() / 1024));
      whole += layer.getValue();
    }
    return table.row("together", String.format(Locale.ROOT, "%d", whole / 1024));
  }
}
