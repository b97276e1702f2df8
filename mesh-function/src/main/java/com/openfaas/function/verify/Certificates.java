package com.openfaas.function.verify;

import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Workload;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether the proxies' certificates are valid and being renewed. A proxy asks for a new one after
 * 70 % of the old one's lifetime (linkerd2-proxy linkerd/app/core/src/control or identity client),
 * and retries: less than a fifth left means that renewal fails.
 */
final class Certificates {
  private static final Duration USUAL_LIFE = Duration.ofHours(24);
  private static final int OVERDUE_PART = 5;

  final List<Problem> expired = new ArrayList<>();
  final List<Problem> overdue = new ArrayList<>();
  private final Instant now;

  /**
   * @param now for proxies that do not report their own time
   */
  Certificates(Instant now) {
    this.now = now;
  }

  /** Checks each proxy of the workload. */
  void check(EdgeEndpoint endpoint) {
    Workload workload = endpoint.workload;
    endpoint.deltas.stream()
        .filter(delta -> delta.last.isKnown() && delta.last.value.certificateEnds() != null)
        .forEach(delta -> check(workload, delta.pod.name, delta.last.value));
  }

  private void check(Workload workload, String pod, Metrics metrics) {
    Instant ends = metrics.certificateEnds();
    Instant since = metrics.certificateSince();
    Duration left = Duration.between(metrics.clock(now), ends);
    Duration life = since == null ? USUAL_LIFE : Duration.between(since, ends);
    String hint =
        "linkerd check --proxy; if the identity service is well, kubectl -n "
            + workload.namespace
            + " rollout restart deployment "
            + workload.name;
    if (left.isNegative() || left.isZero()) {
      String message = "the certificate of pod " + pod + " expired at " + ends;
      expired.add(new Problem(Code.CERTIFICATE_EXPIRED, workload.subject(), message, hint));
    } else if (left.multipliedBy(OVERDUE_PART).compareTo(life) < 0) {
      String message =
          "the certificate of pod "
              + pod
              + " ends at "
              + ends
              + " and is not renewed, although 80 % of its lifetime is over; failed requests for a"
              + " new one: "
              + metrics.failedRefreshes();
      overdue.add(new Problem(Code.CERTIFICATE_NOT_RENEWED, workload.subject(), message, hint));
    }
  }
}
