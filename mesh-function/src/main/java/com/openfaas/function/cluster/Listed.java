package com.openfaas.function.cluster;

import java.util.List;
import java.util.Objects;

/** What a list held at one moment. */
public final class Listed<V> {
  /** Changes after it are what a watch from there tells. */
  public final String resourceVersion;

  public final List<V> items;

  Listed(String resourceVersion, List<V> items) {
    this.resourceVersion = Objects.requireNonNull(resourceVersion);
    this.items = List.copyOf(items);
  }
}
