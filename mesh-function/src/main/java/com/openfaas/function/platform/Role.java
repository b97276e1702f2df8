package com.openfaas.function.platform;

import java.util.Locale;

/** What a workload is to the platform, in the order of the report. */
public enum Role {
  FUNCTION,
  CORE,
  INGRESS,
  SELF,
  GATEWAY;

  /** Whether OpenFaaS knows it as a function: mesh-setup is one, too. */
  public boolean isFunction() {
    return this == FUNCTION || this == SELF;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
