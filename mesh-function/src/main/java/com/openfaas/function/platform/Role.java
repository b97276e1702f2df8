package com.openfaas.function.platform;

import java.util.Locale;

/** What a workload is to the platform, in the order of the report. */
public enum Role {
  FUNCTION,
  CORE,
  INGRESS,
  SELF,
  GATEWAY;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
