package com.openfaas.function.report.page;

import com.openfaas.function.report.EdgeEntry;
import com.openfaas.function.verify.Edge.Mtls;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** A line of the map: the verdict on its edges, and their traffic. */
final class Way {
  /** The worst of its edges; null if none was verified. */
  final Mtls mtls;

  /** Verdict and traffic in words; empty if none was verified. */
  final String words;

  private Way(Mtls mtls, String words) {
    this.mtls = mtls;
    this.words = words;
  }

  static Way of(List<EdgeEntry> edges) {
    if (edges.isEmpty()) {
      return new Way(null, "");
    }
    Mtls worst = worst(edges);
    String verdict = edges.size() == 1 ? words(worst) : counts(edges);
    boolean guarded = edges.stream().allMatch(edge -> Boolean.TRUE.equals(edge.isProtected));
    return new Way(worst, verdict + (guarded ? ", protected" : "") + traffic(edges));
  }

  /** The name of its line in the stylesheet. */
  String style() {
    return mtls == null ? "unverified" : mtls.toString();
  }

  /** The page's wording. */
  static String words(Mtls mtls) {
    switch (mtls) {
      case PROVEN:
        return "mTLS proven";
      case PLAINTEXT:
        return "plaintext";
      default:
        return "no evidence";
    }
  }

  private static Mtls worst(List<EdgeEntry> edges) {
    for (Mtls mtls : List.of(Mtls.PLAINTEXT, Mtls.NO_EVIDENCE)) {
      if (count(edges, mtls) > 0) {
        return mtls;
      }
    }
    return Mtls.PROVEN;
  }

  private static String counts(List<EdgeEntry> edges) {
    List<String> counts = new ArrayList<>();
    for (Mtls mtls : List.of(Mtls.PLAINTEXT, Mtls.NO_EVIDENCE, Mtls.PROVEN)) {
      long count = count(edges, mtls);
      if (count > 0) {
        counts.add(count + " " + words(mtls));
      }
    }
    return String.join(", ", counts);
  }

  private static long count(List<EdgeEntry> edges, Mtls mtls) {
    return edges.stream().filter(edge -> edge.mtls == mtls).count();
  }

  /** All requests, the success rate, and the p95 latency of the slowest edge. */
  private static String traffic(List<EdgeEntry> edges) {
    long requests = edges.stream().mapToLong(edge -> edge.requests).sum();
    List<EdgeEntry> rated =
        edges.stream()
            .filter(edge -> edge.successRate != null && edge.requests > 0)
            .collect(Collectors.toList());
    double good = rated.stream().mapToDouble(edge -> edge.successRate * edge.requests).sum();
    long of = rated.stream().mapToLong(edge -> edge.requests).sum();
    String success = of == 0 ? "" : ", " + Figures.percent(good / of);
    String p95 =
        edges.stream()
            .map(edge -> edge.p95Ms)
            .filter(Objects::nonNull)
            .max(Comparator.naturalOrder())
            .map(slowest -> ", p95 " + Figures.latency(slowest))
            .orElse("");
    return "; " + Figures.count(requests, "request", "requests") + success + p95;
  }
}
