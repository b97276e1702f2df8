package com.openfaas.function.e2e;

import com.google.gson.JsonObject;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The steps of the story; each gives what was seen, or throws what was not as it should be. */
final class Steps {
  /** A new gateway's calls are few at first. */
  private static final Duration PROOF = Duration.ofMinutes(1);

  private final MeshSetup function;
  private final OpenFaas platform;
  private final Newborn newborn;
  private final Protect protect;
  private final Bundle bundle;
  private final Deadline deadline;

  /** Why nothing can be proven here; null where it can. */
  private final String unprovable;

  private List<String> changedBefore = List.of();
  private Comparison comparison;
  private Lease leaseBefore;
  private boolean signs;

  /** What verify has told; null while it was not asked. */
  private Answer proof;

  Steps(
      MeshSetup function,
      OpenFaas platform,
      Newborn newborn,
      Bundle bundle,
      Deadline deadline,
      String unprovable) {
    this.function = function;
    this.platform = platform;
    this.newborn = newborn;
    this.protect = new Protect(function, platform, deadline);
    this.bundle = bundle;
    this.deadline = deadline;
    this.unprovable = unprovable;
  }

  String status() {
    Answer status = MeshSetup.expect(function.read("status"), "observed");
    platform.knows(status);
    bundle.write("versions.txt", versions(status));
    changedBefore = platform.changedByMeshSetup();
    leaseBefore = platform.lease.get();
    comparison = new Comparison(platform, bundle);
    String waiting =
        platform.restless().isEmpty() ? "" : "; not rolled out before: " + platform.restless();
    return status.seen() + waiting;
  }

  private String versions(Answer status) {
    Map<String, String> versions = new TreeMap<>(platform.versions());
    versions.put("mesh-setup's version", status.text("run", "version"));
    versions.put("Linkerd", status.text("controlPlane", "version"));
    return versions.entrySet().stream()
        .map(version -> version.getKey() + ": " + version.getValue())
        .collect(Collectors.joining("\n"));
  }

  String plan() {
    return MeshSetup.expect(function.read("plan"), "planned").seen();
  }

  String nothingWritten() {
    if (!platform.changedByMeshSetup().equals(changedBefore)) {
      throw new Unexpected("records of mesh-setup are there: " + platform.changedByMeshSetup());
    }
    return comparison.settle();
  }

  String ready() {
    if (!function.canBeSigned()) {
      throw new Unexpected(
          "no key to sign revert with, so nothing is changed: head -c 32 /dev/urandom | base64 >"
              + " key.txt; faas-cli secret create mesh-setup-key --from-file key.txt; list it under"
              + " secrets in stack.yml; faas-cli deploy; then --key key.txt");
    }
    if (newborn.isThere()) {
      throw new Unexpected(
          "left by an earlier story: kubectl -n "
              + platform.functions
              + " delete deployment,service "
              + Newborn.NAME);
    }
    return "a key to sign with is there; until "
        + (changedBefore.isEmpty() ? "the revert" : "the end")
        + " the platform is changed";
  }

  String apply() {
    Answer answer = function.act("apply", false);
    boolean refused = answer.status == 401 || answer.status == 403;
    signs = refused || answer.outcome().equals("held");
    Answer applied = signs ? function.act("apply", true) : answer;
    MeshSetup.expect(applied, "changed", "inProgress", "meshed");
    platform.awaitTheEnd(deadline);
    Answer status = MeshSetup.expect(function.read("status"), "observed");
    bundle.answer("status after apply", status);
    List<String> left = left(status);
    if (!left.isEmpty()) {
      throw new Unexpected("not on the mesh after one apply: " + left + "; " + status.why());
    }
    return applied.outcome() + (signs ? ", signed" : "") + "; then " + status.seen();
  }

  private List<String> left(Answer status) {
    return status.leftBehind().stream()
        .filter(key -> !platform.restless().contains(key))
        .collect(Collectors.toList());
  }

  String podsHaveProxies() {
    List<JsonObject> meshed =
        function.read("status").entries("workloads", w -> Answer.is(w, "after", "meshed"));
    List<String> without =
        meshed.stream()
            .flatMap(
                w ->
                    platform
                        .withoutProxy(
                            w.get("kind").getAsString(),
                            w.get("namespace").getAsString(),
                            w.get("name").getAsString())
                        .stream())
            .collect(Collectors.toList());
    if (!without.isEmpty()) {
      throw new Unexpected("told to be meshed, yet without a ready proxy: " + without);
    }
    return "every ready pod of " + meshed.size() + " meshed workloads has a ready proxy";
  }

  String applyAgain() {
    Snapshot meshed = comparison.now();
    Answer again = MeshSetup.expect(function.act("apply", signs), "meshed");
    comparison.requireEqual(meshed);
    return again.seen() + "; nothing was written";
  }

  /** Whatever it says: that is no fault of a platform that is not meshed yet. */
  String asItIs() {
    Answer now = function.read("verify");
    if (!now.isReport()) {
      throw new Unexpected("expected a report, got " + now.seen());
    }
    return now.seen();
  }

  String verify() {
    if (unprovable != null) {
      return "not asked for: " + unprovable;
    }
    Deadline soon = deadline.orIn(PROOF);
    proof = function.read("verify");
    int tries = 1;
    for (; !proof.outcome().equals("verified") && !soon.isOver(); tries++) {
      proof = function.read("verify");
    }
    MeshSetup.expect(proof, "verified");
    List<JsonObject> proven = proof.entries("edges", e -> Answer.is(e, "mtls", "proven"));
    int all = proof.entries("edges", any -> true).size();
    String again = tries == 1 ? "" : ", at try " + tries;
    return "verified" + again + ": " + proven.size() + " of " + all + " edges proven";
  }

  String bornMeshed() throws IOException {
    newborn.come(deadline);
    List<String> without = platform.withoutProxy("Deployment", platform.functions, Newborn.NAME);
    Answer apply = MeshSetup.expect(function.act("apply", signs), "meshed");
    Optional<JsonObject> entry = apply.entries("workloads", Newborn::isIt).stream().findFirst();
    boolean meshed = entry.isPresent() && Answer.is(entry.get(), "after", "meshed");
    if (!meshed || !without.isEmpty()) {
      throw new Unexpected(
          Newborn.NAME + " comes up unmeshed: " + entry + ", without proxy: " + without);
    }
    return Newborn.NAME + " came up meshed, and an apply had nothing to do";
  }

  String refresh() {
    Answer refreshed =
        MeshSetup.expect(function.act("refresh", true), "meshed", "changed", "inProgress");
    platform.awaitTheEnd(deadline);
    List<JsonObject> stale =
        function.read("status").entries("workloads", w -> Answer.is(w, "after", "stale"));
    if (!stale.isEmpty()) {
      throw new Unexpected(
          "still stale: " + stale.stream().map(Answer::key).collect(Collectors.toList()));
    }
    return refreshed.seen() + "; nothing is stale";
  }

  String withoutNewborn() throws IOException {
    protect.unset();
    newborn.go(deadline);
    return Newborn.NAME + " is gone, and the settings are as they were";
  }

  String revert() {
    Answer reverted = MeshSetup.expect(function.act("revert", true), "reverted", "inProgress");
    platform.awaitTheEnd(deadline);
    List<String> still = platform.changedByMeshSetup();
    if (!still.isEmpty()) {
      throw new Unexpected("still with a record of mesh-setup: " + still + "; " + reverted.why());
    }
    return reverted.seen();
  }

  String asBefore() {
    try {
      return comparison.requireAsBefore() + ", and the Lease, too";
    } finally {
      platform.lease.restore(leaseBefore);
    }
  }

  /** What mesh-setup had changed before the story began. */
  List<String> changedBefore() {
    return changedBefore;
  }

  String whyUnprotected() {
    return protect.whyNot(proof);
  }

  String audit() {
    return protect.audit(signs);
  }

  String enforce() {
    return protect.enforce(signs);
  }
}
