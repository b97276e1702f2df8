package com.openfaas.function.verify;

import com.openfaas.function.platform.Admission.Answer;
import com.openfaas.function.platform.Identity;
import com.openfaas.function.platform.InboundRules;
import com.openfaas.function.platform.InboundRules.Caller;
import com.openfaas.function.platform.InboundRules.Server;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.Workload;
import java.util.List;

/**
 * Whether a function lets nobody in whom no authorization names: by Linkerd's policy objects, and
 * by the word of its proxies that they judge by those. A policy that is stored and has not reached
 * the proxies protects nothing.
 */
final class Guard {
  private final Platform platform;
  private final InboundRules rules;
  private final Caller stranger;

  Guard(Platform platform) {
    this.platform = platform;
    this.rules = platform.inboundRules.isKnown() ? platform.inboundRules.value : null;
    Identity nobody = Identity.of("nowhere", "nobody", platform.controlPlane);
    this.stranger = new Caller(nobody, List.of());
  }

  /** False where it is not known. */
  boolean isOn(EdgeEndpoint function) {
    String otherwise = platform.inboundPolicy(function.workload);
    return rules != null
        && rules.admits(stranger, function.workload, Platform.PORT, otherwise).is(Answer.REFUSED)
        && function.isJudgedBy(name(function.workload, otherwise));
  }

  /** Of the Server in force, as the proxies tell it: without one, the word for their default. */
  private String name(Workload function, String otherwise) {
    return rules.serversOf(function, Platform.PORT).stream()
        .findFirst()
        .map((Server server) -> server.name)
        .orElse(otherwise);
  }
}
