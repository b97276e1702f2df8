package com.openfaas.function.e2e;

import com.google.gson.JsonObject;
import com.openfaas.function.lab.Change;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.util.List;
import java.util.function.UnaryOperator;

/** The setting mesh_protect of the deployed function, and what it makes. */
final class Protect {
  private static final String SETTING = "mesh_protect";

  private final MeshSetup function;
  private final OpenFaas platform;
  private final Deadline deadline;
  private boolean isSet;

  Protect(MeshSetup function, OpenFaas platform, Deadline deadline) {
    this.function = function;
    this.platform = platform;
    this.deadline = deadline;
  }

  /**
   * Why it is not tried; empty where it can be.
   *
   * @param proof what verify has told; null: it was not asked
   */
  String whyNot(Answer proof) {
    boolean known =
        proof != null
            && proof.isReport()
            && !proof.entries("edges", edge -> edge.has("protected")).isEmpty();
    if (!known) {
      return "this version does not tell of edges whether they are protected";
    }
    if (deployment().getSpec().getTemplate().getSpec().getContainers().get(0).getEnv().stream()
        .map(EnvVar::getName)
        .anyMatch(SETTING::equals)) {
      return SETTING + " is set already";
    }
    boolean allowed =
        platform
                .client
                .rbac()
                .roles()
                .inNamespace(platform.functions)
                .withName("mesh-setup-protect")
                .get()
            != null;
    return allowed ? "" : "kubectl apply -f mesh-function/deploy/rbac-protect.yml allows it";
  }

  private Deployment deployment() {
    return platform.deployment(platform.functions, OpenFaas.SELF);
  }

  /** Everybody is let in, and counted. */
  String audit(boolean signs) {
    set("audit");
    MeshSetup.expect(function.act("apply", signs), "changed", "meshed", "inProgress");
    platform.awaitTheEnd(deadline);
    if (!accessPolicy().equals("audit")) {
      throw new Unexpected("the Server's accessPolicy is '" + accessPolicy() + "'");
    }
    return protection(function.read("status"));
  }

  /** Nobody is refused before callers have been counted for an hour: that is what is seen here. */
  String enforce(boolean signs) {
    set("enforce");
    MeshSetup.expect(function.act("apply", signs), "changed", "meshed", "inProgress");
    platform.awaitTheEnd(deadline);
    Answer status = MeshSetup.expect(function.read("status"), "observed");
    if (!accessPolicy().equals("audit") && !accessPolicy().equals("deny")) {
      throw new Unexpected("the Server's accessPolicy is '" + accessPolicy() + "'");
    }
    return accessPolicy() + ": " + protection(status);
  }

  private static String protection(Answer report) {
    List<JsonObject> checks = report.entries("checks", c -> Answer.is(c, "id", "protection"));
    if (checks.isEmpty()) {
      throw new Unexpected("no check tells of the protection: " + report.why());
    }
    return checks.get(0).get("message").getAsString();
  }

  /** As the operator would in stack.yml; faas-netes leaves a Deployment alone until it is told. */
  private void set(String value) {
    isSet = true;
    edit(Change.environment(SETTING, value));
  }

  /** As it was before. */
  void unset() {
    if (isSet) {
      edit(Protect::withoutSetting);
      isSet = false;
    }
  }

  private static Deployment withoutSetting(Deployment deployment) {
    return new DeploymentBuilder(deployment)
        .editSpec()
        .editTemplate()
        .editSpec()
        .editFirstContainer()
        .removeMatchingFromEnv(variable -> variable.getName().equals(SETTING))
        .endContainer()
        .endSpec()
        .endTemplate()
        .endSpec()
        .build();
  }

  private void edit(UnaryOperator<Deployment> change) {
    platform
        .client
        .apps()
        .deployments()
        .inNamespace(platform.functions)
        .withName(OpenFaas.SELF)
        .edit(change);
    platform.awaitTheEnd(deadline);
  }

  /** What the functions' Server does with callers that nobody has named; empty: there is none. */
  private String accessPolicy() {
    GenericKubernetesResource server =
        platform
            .client
            .genericKubernetesResources("policy.linkerd.io/v1beta3", "Server")
            .inNamespace(platform.functions)
            .withName(OpenFaas.SELF)
            .get();
    Object accessPolicy = server == null ? null : server.get("spec", "accessPolicy");
    return accessPolicy == null ? "" : accessPolicy.toString();
  }
}
