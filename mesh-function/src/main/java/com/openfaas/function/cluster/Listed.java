package com.openfaas.function.cluster;

import java.util.List;
import java.util.Objects;

/** The result of a list. */
public final class Listed<V> {
  /** Where a watch for later changes starts. */
  public final String resourceVersion;

  public final List<V> items;

  Listed(String resourceVersion, List<V> items) {
    this.resourceVersion = Objects.requireNonNull(resourceVersion);
    this.items = List.copyOf(items);
  }
}
