package com.openfaas.function.cluster;

import static com.openfaas.function.cluster.StoredObjects.tree;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.openfaas.function.cluster.RolloutApi.Fate;
import com.openfaas.function.platform.Annotations;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What Kubernetes' controllers and Linkerd's injector make of a Deployment, in one step. */
final class FakeRollout {
  static final String NAMESPACES = "/api/v1/namespaces";

  final Map<String, Fate> fates = new ConcurrentHashMap<>();
  private final StoredObjects objects;

  FakeRollout(StoredObjects objects) {
    this.objects = objects;
  }

  void deploy(String namespace, String name, int replicas) {
    String labels = "labels: {app: " + name + ", faas_function: " + name + "}, annotations: {}";
    rollOut(
        tree(
            String.format(
                "{metadata: {namespace: %s, name: %s, %s}, spec: {replicas: %d, selector: {matchLabels:"
                    + " {app: %s}}, template: {metadata: {%s}, spec: {containers: [{name: main}]}}}}",
                namespace, name, labels, replicas, name, labels)));
  }

  private void rollOut(ObjectNode deployment) {
    ObjectNode meta = deployment.withObjectProperty("metadata");
    String namespace = meta.path("namespace").asText();
    String name = meta.path("name").asText();
    String own = deployment.at("/spec/template/metadata/annotations/" + escaped()).asText();
    String ofNamespace =
        objects.get(NAMESPACES, namespace).at("/metadata/annotations/" + escaped()).asText();
    boolean asks = Annotations.ENABLED.equals(own.isEmpty() ? ofNamespace : own);
    Fate fate = asks ? fates.getOrDefault(name, Fate.COMES_UP) : Fate.COMES_UP;
    int generation = meta.path("generation").asInt() + 1;
    meta.put("generation", generation);
    int replicas = deployment.at("/spec/replicas").asInt();
    boolean down = fate == Fate.STAYS_DOWN;
    deployment.set(
        "status",
        tree(
            String.format(
                "{observedGeneration: %d, replicas: %d, updatedReplicas: %d, availableReplicas: %d}",
                generation, replicas + (down ? 1 : 0), down ? 1 : replicas, replicas)));
    if (!down) {
      objects.remove(pods(namespace), pod -> pod.at("/metadata/labels/app").asText().equals(name));
    }
    boolean proxy = asks && fate != Fate.COMES_UP_BARE;
    for (int i = 0; i < (down ? 1 : replicas); i++) {
      objects.put(
          pods(namespace), pod(deployment, name + "-" + generation + "-" + i, proxy, !down));
    }
    objects.put(deployments(namespace), deployment);
  }

  private static String escaped() {
    return Annotations.INJECT.replace("/", "~1");
  }

  private static ObjectNode pod(ObjectNode of, String name, boolean proxy, boolean ready) {
    ObjectNode pod =
        tree(
            String.format(
                "{metadata: {name: %s, ownerReferences: [{controller: true, kind: ReplicaSet, name:"
                    + " %s-hash}]}, spec: {containers: [{name: main}]}, status: {phase: Running,"
                    + " conditions: [{type: Ready, status: '%s'}]}}",
                name, of.at("/metadata/name").asText(), ready ? "True" : "False"));
    ObjectNode meta = pod.withObjectProperty("metadata");
    meta.setAll((ObjectNode) of.at("/spec/template/metadata").deepCopy());
    meta.withObjectProperty("labels").put("pod-template-hash", "hash");
    if (proxy) {
      meta.withObjectProperty("annotations").put(Annotations.PROXY_VERSION, "edge-26.8.1");
      pod.withObjectProperty("spec")
          .withArray("containers")
          .addObject()
          .put("name", Annotations.PROXY_CONTAINER);
      pod.withObjectProperty("status")
          .withArray("containerStatuses")
          .addObject()
          .put("name", Annotations.PROXY_CONTAINER)
          .put("ready", ready);
    }
    return pod;
  }

  /** Null where there is no such object. */
  synchronized JsonNode patch(String collection, String name, JsonNode patch) {
    ObjectNode object = objects.get(collection, name);
    if (object == null) {
      return null;
    }
    ObjectNode now = object.deepCopy();
    StoredObjects.merge(now, patch);
    writtenBy("mesh-setup", now);
    if (now.at("/spec/template").equals(object.at("/spec/template"))) {
      objects.put(collection, now);
    } else {
      rollOut(now);
    }
    return now;
  }

  /** By whom, as the API server keeps it. */
  static void writtenBy(String manager, ObjectNode object) {
    ObjectNode entry = tree("{manager: " + manager + ", operation: Update}");
    entry.put("time", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    object.withObjectProperty("metadata").putArray("managedFields").add(entry);
  }

  static String pods(String namespace) {
    return NAMESPACES + "/" + namespace + "/pods";
  }

  static String deployments(String namespace) {
    return "/apis/apps/v1/namespaces/" + namespace + "/deployments";
  }
}
