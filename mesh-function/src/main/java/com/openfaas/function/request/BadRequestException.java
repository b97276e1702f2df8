package com.openfaas.function.request;

import java.util.List;
import java.util.Map;

/** A request that cannot be carried out as it stands, with every fault found in it. */
public final class BadRequestException extends Exception {
  private static final long serialVersionUID = 1L;

  /** The HTTP status of the answer: 400, 401, 403, 405 or 413. */
  public final int status;

  /** One sentence for each fault, in the order in which they were found. */
  public final transient List<String> faults;

  /** Headers the answer must carry, such as Allow. */
  public final transient Map<String, String> headers;

  public BadRequestException(int status, List<String> faults) {
    this(status, faults, Map.of());
  }

  BadRequestException(int status, List<String> faults, Map<String, String> headers) {
    super(String.join("; ", faults));
    this.status = status;
    this.faults = List.copyOf(faults);
    this.headers = Map.copyOf(headers);
  }
}
