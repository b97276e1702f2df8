package com.openfaas.function.request;

import java.util.Locale;

/** The format of an answer. */
public enum Format {
  JSON("application/json"),
  TEXT("text/plain; charset=utf-8"),
  HTML("text/html; charset=utf-8"),
  /** For Prometheus. */
  METRICS("application/openmetrics-text; version=1.0.0; charset=utf-8"),
  /** For Git: RFC 9512. */
  PATCH("application/yaml; charset=utf-8");

  /** The answer's Content-Type. */
  public final String contentType;

  Format(String contentType) {
    this.contentType = contentType;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
