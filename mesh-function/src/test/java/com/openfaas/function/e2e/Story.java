package com.openfaas.function.e2e;

import com.openfaas.function.e2e.Bundle.Result;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.time.Instant;

/**
 * What an operator wants to see hold on his platform: it is looked at, meshed by one call, proven,
 * grows, is refreshed, and is given back as it was. Each step goes on from the one before.
 */
final class Story {
  private final Steps steps;
  private final OpenFaas platform;
  private final Bundle bundle;

  Story(Steps steps, OpenFaas platform, Bundle bundle) {
    this.steps = steps;
    this.platform = platform;
    this.bundle = bundle;
  }

  /**
   * Tells it.
   *
   * @param yes whether anything may be written; else it ends with what can be read
   * @return whether all was as it should be
   */
  boolean tell(boolean yes) {
    Instant began = Instant.now();
    try {
      if (step("status", steps::status) && step("plan", steps::plan)) {
        step("nothing was written", steps::nothingWritten);
        go(yes);
      }
    } finally {
      end(began);
    }
    return !bundle.hasFailed();
  }

  private void go(boolean yes) {
    if (!yes) {
      step("verify, as it is", steps::asItIs);
      bundle.row("the rest", Result.SKIPPED, 0, "it writes: run it again with --yes");
    } else if (step("ready for changes", steps::ready)) {
      try {
        change();
      } finally {
        giveBack();
      }
    }
  }

  private void change() {
    if (!step("apply, one call", steps::apply)) {
      return;
    }
    step("the pods' own word", steps::podsHaveProxies);
    step("apply again", steps::applyAgain);
    step("verify", steps::verify);
    step("a function meshed from its first pod", steps::bornMeshed);
    step("refresh", steps::refresh);
    String why = steps.whyUnprotected();
    if (!why.isEmpty()) {
      bundle.row("protect", Result.SKIPPED, 0, why);
    } else if (step("protect: audit", steps::audit)) {
      step("protect: enforce", steps::enforce);
    }
  }

  private void giveBack() {
    step("what was deployed is gone", steps::withoutNewborn);
    if (!steps.changedBefore().isEmpty()) {
      String why = "mesh-setup had changed " + String.join(", ", steps.changedBefore()) + " before";
      bundle.row("revert", Result.SKIPPED, 0, why + ": it would take that back, too");
    } else {
      step("revert", steps::revert);
      step("all is as it was", steps::asBefore);
    }
  }

  /** A part of the story. */
  private interface Step {
    /** Gives what was seen. */
    String go() throws IOException;
  }

  /** Whether it went well; else the table says why not. */
  private boolean step(String name, Step step) {
    long began = System.nanoTime();
    Result result = Result.OK;
    String seen;
    try {
      seen = step.go();
    } catch (Unexpected | IOException | KubernetesClientException e) {
      result = Result.FAILED;
      seen = e.getMessage();
    }
    bundle.row(name, result, (System.nanoTime() - began) / 1e9, String.valueOf(seen));
    return result == Result.OK;
  }

  private void end(Instant began) {
    try {
      bundle.write("events.txt", platform.events(began));
    } catch (KubernetesClientException e) {
      bundle.write("events.txt", "not readable: " + e.getMessage());
    }
    bundle.write("table.md", bundle.table());
  }
}
