package com.openfaas.function.request;

import java.util.Locale;

/** A part of the platform that {@code only} can narrow a run to. */
public enum Part {
  NAMESPACES,
  FUNCTIONS,
  GATEWAY,
  CORE,
  INGRESS,
  SELF;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
