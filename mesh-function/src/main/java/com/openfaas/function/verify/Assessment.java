package com.openfaas.function.verify;

import com.openfaas.function.platform.Identity;
import com.openfaas.function.platform.InboundRules;
import com.openfaas.function.platform.InboundRules.Admission.Answer;
import com.openfaas.function.platform.InboundRules.Caller;
import com.openfaas.function.platform.InboundRules.Server;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.verify.Edge.Mtls;
import com.openfaas.function.verify.EdgeEndpoint.MetricsDelta;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Derives a proof from the metrics that were read. */
final class Assessment {
  static final Proof NOTHING =
      new Proof(List.of(), List.of(), List.of(), List.of(), Watched.NOTHING);

  private final Platform platform;
  private final Map<String, List<MetricsDelta>> deltas;
  private final Map<String, Problem> unanswered;

  /**
   * What was read.
   *
   * @param deltas of the serving pods of each workload, by its key
   * @param unanswered the failed requests to each function
   */
  Assessment(
      Platform platform, Map<String, List<MetricsDelta>> deltas, Map<String, Problem> unanswered) {
    this.platform = platform;
    this.deltas = Map.copyOf(deltas);
    this.unanswered = Map.copyOf(unanswered);
  }

  /**
   * The proof for these functions, and for the gateway's other callers.
   *
   * @param asked whether a caller is in scope; null stands for one outside the platform
   * @param watched who has called the functions
   */
  Proof proof(
      List<Workload> functions,
      Predicate<Workload> asked,
      Certificates certificates,
      Watched watched) {
    List<Edge> edges = new ArrayList<>();
    List<Problem> errors = new ArrayList<>();
    List<Problem> warnings = new ArrayList<>();
    List<Problem> notes = new ArrayList<>();
    EdgeEndpoint gateway = endpoint(platform.gateway.value);
    certificates.check(gateway);
    for (Workload function : functions) {
      EdgeEndpoint callee = endpoint(function);
      certificates.check(callee);
      EdgeEvaluation found = new EdgeEvaluation(gateway, callee, unanswered.get(function.key()));
      edges.add(found.edge.guarded(isProtected(callee)));
      if (found.problem != null && Proof.isDue(platform, found.edge)) {
        (found.edge.mtls == Mtls.PLAINTEXT ? errors : warnings).add(found.problem);
      }
    }
    GatewayCallers callers = new GatewayCallers(platform, gateway);
    edges.addAll(callers.edges(asked));
    if (asked.test(null) && callers.inPlaintext() != null) {
      notes.add(callers.inPlaintext());
    }
    errors.addAll(certificates.expired);
    warnings.addAll(certificates.overdue);
    return new Proof(edges, errors, warnings, notes, watched);
  }

  private EdgeEndpoint endpoint(Workload workload) {
    return new EdgeEndpoint(
        workload,
        deltas.getOrDefault(workload.key(), List.of()),
        workload.howToMesh(platform.namespaceOf(workload)));
  }

  /**
   * Whether the function admits only callers named by an authorization: by Linkerd's policy
   * objects, and by the Server that its proxies report. A stored policy that has not reached the
   * proxies protects nothing. False if unknown.
   */
  boolean isProtected(EdgeEndpoint function) {
    if (!platform.inboundRules.isKnown()) {
      return false;
    }
    InboundRules rules = platform.inboundRules.value;
    Workload called = function.workload;
    String otherwise = platform.inboundPolicy(called);
    Identity nobody = Identity.of("nowhere", "nobody", platform.controlPlane);
    Caller stranger = new Caller(nobody, List.of());
    // Without a Server the proxies report the name of their default policy.
    String applied =
        rules.serversOf(called, Platform.PORT).stream()
            .findFirst()
            .map((Server server) -> server.name)
            .orElse(otherwise);
    return rules.admits(stranger, called, Platform.PORT, otherwise).is(Answer.REFUSED)
        && function.isJudgedBy(applied);
  }
}
