package com.openfaas.function.request;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A request that cannot be carried out, with every fault found in it, each reported once. Only the
 * first 50 are, so that no answer is much longer than its request.
 */
public final class BadRequestException extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int MOST_TOLD = 50;

  /** The HTTP status of the answer: 400, 401, 403, 405 or 413. */
  public final int status;

  /** One sentence per fault, in the order found. */
  public final transient List<String> faults;

  /** Headers the answer must carry, such as Allow. */
  public final transient Map<String, String> headers;

  public BadRequestException(int status, List<String> faults) {
    this(status, faults, Map.of());
  }

  BadRequestException(int status, List<String> faults, Map<String, String> headers) {
    super(String.join("; ", told(faults)));
    this.status = status;
    this.faults = told(faults);
    this.headers = Map.copyOf(headers);
  }

  private static List<String> told(List<String> faults) {
    List<String> told = faults.stream().distinct().limit(MOST_TOLD).collect(Collectors.toList());
    long more = faults.stream().distinct().count() - told.size();
    if (more > 0) {
      told.add("and " + more + " more");
    }
    return List.copyOf(told);
  }
}
