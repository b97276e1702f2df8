package com.openfaas.function.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.openfaas.function.request.Action;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Runs of every action on a platform that is well, but for a certificate that ends. */
final class ExpiringRuns {
  /** Of the control plane, by use, and when it ends; the moment of these runs is 2026-09-01. */
  private static final List<String> CERTIFICATES =
      List.of(
          "TRUST_ANCHOR 2026-08-31",
          "TRUST_ANCHOR 2026-09-05",
          "TRUST_ANCHOR 2026-10-30",
          "TRUST_ANCHOR 2026-10-30 2036-09-01",
          "ISSUER 2026-08-31",
          "ISSUER 2026-09-05",
          "ISSUER 2026-10-30",
          "WEBHOOK_CA 2026-08-31",
          "WEBHOOK_CA 2026-09-05",
          "WEBHOOK_CA 2026-10-30",
          "ISSUER 2036-09-01");

  private ExpiringRuns() {}

  static void each(Consumer<RunRecord> consumer) {
    for (Action action : Action.values()) {
      for (String figlet : List.of("unmeshed", "ours")) {
        CERTIFICATES.forEach(
            ends -> EveryRun.each(certified(meshedBut(figlet, action), ends), consumer));
      }
    }
    proxies("errors", "certificate_expired", consumer);
    proxies("warnings", "certificate_not_renewed", consumer);
  }

  private static ObjectNode meshedBut(String figlet, Action action) {
    return EveryRun.given(action, "none", Map.of("figlet", figlet, "env", "ours"), "ours");
  }

  private static ObjectNode certified(ObjectNode given, String certificates) {
    String[] words = certificates.split(" ", -1);
    ArrayNode all = given.putArray("certificates");
    for (String ends : List.of(words).subList(1, words.length)) {
      ObjectNode one = all.addObject().put("use", words[0]).put("serial", ends.substring(0, 4));
      one.put("ends", ends + "T12:00:00Z");
    }
    return given;
  }

  /** What verify reads of each proxy: its own certificate. */
  private static void proxies(String list, String code, Consumer<RunRecord> consumer) {
    ObjectNode given = meshedBut("ours", Action.VERIFY);
    ArrayNode edges = given.putArray("edges");
    List.of("env", "figlet")
        .forEach(f -> edges.addObject().put("to", "openfaas-fn/" + f).put("is", "proven"));
    given
        .putArray(list)
        .addObject()
        .put("code", code)
        .put("subject", "deployment openfaas-fn/figlet")
        .put("message", "the certificate of pod figlet-m0")
        .put("hint", "linkerd check --proxy");
    EveryRun.each(given, consumer);
  }
}
