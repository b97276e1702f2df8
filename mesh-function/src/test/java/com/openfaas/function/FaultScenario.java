package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import com.openfaas.function.Caller.Answer;
import com.openfaas.function.lab.TestPlatform;
import com.openfaas.function.platform.Annotations;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** What each fault is tried on, and what must hold after it. */
final class FaultScenario {
  final TestPlatform platform;

  private FaultScenario(TestPlatform platform) {
    this.platform = platform;
  }

  /** On a platform as it is. */
  static FaultScenario on(TestPlatform platform) {
    return new FaultScenario(platform);
  }

  /** On a platform with nothing meshed yet. */
  static FaultScenario fresh(TestPlatform platform) {
    return new FaultScenario(platform.installWithLinkerd());
  }

  /** On a platform where everything is meshed. */
  static FaultScenario meshed(TestPlatform platform) {
    FaultScenario scenario = fresh(platform);
    scenario.endsMeshed(new Caller(platform));
    return scenario;
  }

  /** Something to do: functions that came up without a proxy, because the injector was away. */
  void deployUninjected(UnaryOperator<Deployment> change, String... names) {
    withoutInjector(() -> List.of(names).forEach(name -> platform.deployFunction(name, change)));
  }

  void deployUninjected(String... names) {
    deployUninjected(UnaryOperator.identity(), names);
  }

  /** The pods that this makes are admitted as they are, because the injector is away. */
  void withoutInjector(Runnable making) {
    // What a run before has restarted at its end still needs the injector.
    platform.awaitSettled();
    platform.linkerd().injector().stop();
    try {
      making.run();
      platform.awaitSettled();
    } finally {
      platform.linkerd().injector().start();
    }
  }

  /** The next run goes on from where it is, and the one after finds nothing to do. */
  void endsMeshed(Caller caller) {
    Answer next = caller.apply();
    assertThat(next.outcome()).as(next.body).isIn("changed", "inProgress", "meshed");
    platform.awaitSettled();
    Answer after = caller.apply();
    assertThat(after.outcome()).as(after.body).isEqualTo("meshed");
    leavesNothingHalfDone();
  }

  /** Whatever is ours on an object stands in its record, and nobody holds the lease. */
  void leavesNothingHalfDone() {
    everyChangeIsRecorded();
    Lease lease = platform.lease().get();
    if (lease != null) {
      assertThat(lease.getSpec().getHolderIdentity()).as("the lease's holder").isNullOrEmpty();
    }
  }

  void everyChangeIsRecorded() {
    for (String namespace : List.of(platform.openfaas(), platform.functions())) {
      HasMetadata itself = platform.admin().namespaces().withName(namespace).get();
      isRecorded(itself, List.of("f:metadata", "f:annotations"));
      platform
          .admin()
          .apps()
          .deployments()
          .inNamespace(namespace)
          .list()
          .getItems()
          .forEach(
              d -> isRecorded(d, List.of("f:spec", "f:template", "f:metadata", "f:annotations")));
    }
  }

  /**
   * Every Deployment and namespace of the platform, but for what each change of any kind changes.
   */
  Map<String, String> objects() {
    List<HasMetadata> all = new ArrayList<>();
    for (String namespace : List.of(platform.openfaas(), platform.functions())) {
      all.add(platform.admin().namespaces().withName(namespace).get());
      platform.admin().apps().deployments().inNamespace(namespace).list().getItems().stream()
          .peek(deployment -> deployment.setStatus(null))
          .forEach(all::add);
    }
    Map<String, String> objects = new TreeMap<>();
    for (HasMetadata object : all) {
      object.getMetadata().setManagedFields(null);
      object.getMetadata().setGeneration(null);
      object.getMetadata().setResourceVersion(null);
      object.getMetadata().getAnnotations().remove("deployment.kubernetes.io/revision");
      objects.put(
          object.getKind() + " " + object.getMetadata().getName(), Serialization.asYaml(object));
    }
    return objects;
  }

  Deployment deployment(String namespace, String name) {
    return platform.admin().apps().deployments().inNamespace(namespace).withName(name).get();
  }

  /** Deployments cannot be renamed; this is what one does instead. */
  void rename(Deployment deployment, String name) {
    Deployment renamed =
        new DeploymentBuilder()
            .withNewMetadata()
            .withName(name)
            .withNamespace(deployment.getMetadata().getNamespace())
            .withLabels(deployment.getMetadata().getLabels())
            .withAnnotations(deployment.getMetadata().getAnnotations())
            .endMetadata()
            .withSpec(deployment.getSpec())
            .build();
    platform.admin().resource(deployment).delete();
    platform.admin().resource(renamed).create();
    platform.awaitSettled();
  }

  /** Whether the run under way has restarted the function already. */
  boolean isRestarted(String function) {
    return platform
        .templateAnnotations(platform.functions(), function)
        .containsKey(Annotations.RESTARTED_AT);
  }

  private static void isRecorded(HasMetadata object, List<String> path) {
    Set<String> ours = new HashSet<>(ownedByUs(object, path));
    ours.removeAll(Set.of(".", "f:" + Annotations.PREVIOUS));
    String record = object.getMetadata().getAnnotations().get(Annotations.PREVIOUS);
    Set<String> recorded = new HashSet<>();
    if (record != null) {
      JsonParser.parseString(record)
          .getAsJsonObject()
          .keySet()
          .forEach(key -> recorded.add("f:" + key));
    }
    assertThat(recorded).as("record of " + object.getMetadata().getName()).containsAll(ours);
  }

  /** As the API server keeps it, field by field. */
  private static List<String> ownedByUs(HasMetadata object, List<String> path) {
    List<String> owned = new ArrayList<>();
    object.getMetadata().getManagedFields().stream()
        .filter(entry -> entry.getManager().equals("mesh-setup"))
        .map(entry -> (Object) entry.getFieldsV1().getAdditionalProperties())
        .forEach(
            fields -> {
              Object at = fields;
              for (String key : path) {
                at = at instanceof Map ? ((Map<?, ?>) at).get(key) : null;
              }
              if (at instanceof Map) {
                ((Map<?, ?>) at).keySet().forEach(key -> owned.add(key.toString()));
              }
            });
    return owned;
  }
}
