package com.openfaas.function.e2e;

import com.openfaas.function.lab.OperatorKey;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/** The function, invoked through the gateway; each answer is kept. */
final class MeshSetup {
  private final Gateway gateway;
  private final OpenFaas platform;

  /** What the operator signs with; null: it is not there. */
  private final OperatorKey key;

  private final Bundle bundle;
  private final Deadline deadline;

  MeshSetup(Gateway gateway, OpenFaas platform, OperatorKey key, Bundle bundle, Deadline deadline) {
    this.gateway = gateway;
    this.platform = platform;
    this.key = key;
    this.bundle = bundle;
    this.deadline = deadline;
  }

  boolean canBeSigned() {
    return key != null;
  }

  /** What comes of an action that only reads. */
  Answer read(String action) {
    Answer answer =
        gateway.insist(
            deadline, g -> g.invoke(OpenFaas.SELF, "GET", "action=" + action, "", Map.of()));
    bundle.answer(action, answer);
    return answer;
  }

  /** Asks for what writes; again, where another run is in progress. */
  Answer act(String action, boolean signed) {
    Answer answer;
    do {
      answer = gateway.insist(deadline, g -> signed ? sign(g, action) : send(g, action));
      bundle.answer(action, answer);
      if (!answer.outcome().equals("busy")) {
        return answer;
      }
      platform.awaitTheEnd(deadline);
    } while (!deadline.isOver());
    return answer;
  }

  private static Answer send(Gateway to, String action) throws IOException {
    return to.invoke(OpenFaas.SELF, "POST", "", action, Map.of("Content-Type", "text/plain"));
  }

  /** Of this moment: a signed request is taken once. */
  private Answer sign(Gateway to, String action) throws IOException {
    String body = OperatorKey.body(action, Instant.now());
    Map<String, String> signature =
        Map.of("Content-Type", "text/plain", OperatorKey.HEADER, key.sign(body));
    return to.invoke(OpenFaas.SELF, "POST", "", body, signature);
  }

  /** The answer, which has to be one of these outcomes. */
  static Answer expect(Answer answer, String... outcomes) {
    if (!Set.of(outcomes).contains(answer.outcome())) {
      throw new Unexpected("expected " + String.join(" or ", outcomes) + ", got " + answer.why());
    }
    return answer;
  }
}
