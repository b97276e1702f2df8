package com.openfaas.function.observe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.observe.Observer.Self;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.policy.PolicyReader;
import com.openfaas.function.policy.PolicyReader.PolicyException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A small platform in canned answers, and an observation of it. Objects are given as YAML, in one
 * line.
 */
final class CannedPlatform implements AutoCloseable {
  static final String NAMESPACES = "/api/v1/namespaces";

  static final String HTTP_ROUTES =
      "/apis/gateway.networking.k8s.io/v1/namespaces/openfaas/httproutes";

  static final String SERVICE =
      "{metadata: {namespace: openfaas, name: gateway},"
          + " spec: {type: ClusterIP, selector: {app: gateway}, ports: [{name: http, port: 9090}]}}";
  static final String EXTERNAL =
      "{metadata: {namespace: openfaas, name: gateway-external},"
          + " spec: {type: LoadBalancer, selector: {app: gateway}, ports: [{port: 8080}]}}";
  static final String NATS =
      "{metadata: {namespace: openfaas, name: nats},"
          + " spec: {selector: {app: nats}, ports: [{port: 4222}]}}";
  static final String WITHOUT_SELECTOR =
      "{metadata: {namespace: openfaas, name: elsewhere}, spec: {ports: [{port: 80}]}}";

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  final CannedApi api;

  CannedPlatform() throws IOException {
    api =
        new CannedApi()
            .lists(
                NAMESPACES,
                "NamespaceList",
                namespace("openfaas", ""),
                namespace("openfaas-fn", ""),
                namespace("team-a", "openfaas: '1'"),
                namespace("team-b", "openfaas: ''"),
                namespace("kube-system", "openfaas: '1'"),
                namespace("edge", ""),
                namespace("default", ""));
    holds("openfaas", gateway(""), deployment("queue-worker"), deployment("nats"));
    holds("openfaas-fn", deployment("figlet"), deployment("mesh-setup"));
    holds("team-a", deployment("mesh-setup"));
    holds("team-b");
    holds("default");
    Stream.of("ingresses", "ingressclasses").forEach(this::has);
    services("openfaas", SERVICE, EXTERNAL, NATS, WITHOUT_SELECTOR);
    api.answers(
        "/api/v1/namespaces/edge",
        json("{kind: Namespace, apiVersion: v1, metadata: {name: edge}}"));
  }

  Platform observe(Map<String, String> settings) throws ClusterException, PolicyException {
    return observe(settings, false);
  }

  /**
   * An observation of it.
   *
   * @param everything as a revert observes it
   */
  Platform observe(Map<String, String> settings, boolean everything)
      throws ClusterException, PolicyException {
    return new Observer(api.cluster(), PolicyReader.read(settings), self(), everything)
        .observe()
        .platform;
  }

  /** How many requests an observation takes. */
  int requests(Map<String, String> settings) throws ClusterException, PolicyException {
    Cluster cluster = api.cluster();
    new Observer(cluster, PolicyReader.read(settings), self(), false).observe();
    return cluster.requests();
  }

  /** The Deployments of a namespace, and no pods. */
  void holds(String namespace, String... deployments) {
    api.lists(
        "/apis/networking.k8s.io/v1/namespaces/" + namespace + "/networkpolicies",
        "NetworkPolicyList");
    workloads(namespace, "deployments", "DeploymentList", deployments);
    workloads(namespace, "daemonsets", "DaemonSetList");
    api.lists("/api/v1/namespaces/" + namespace + "/pods", "PodList");
  }

  void daemonSets(String namespace, String... daemonSets) {
    workloads(namespace, "daemonsets", "DaemonSetList", daemonSets);
  }

  private void workloads(String namespace, String resource, String kind, String... objects) {
    api.lists(
        "/apis/apps/v1/namespaces/" + namespace + "/" + resource, kind, of(namespace, objects));
  }

  void services(String namespace, String... services) {
    api.lists(
        "/api/v1/namespaces/" + namespace + "/services",
        "ServiceList",
        of(namespace, Stream.of(services).map(CannedPlatform::json).toArray(String[]::new)));
  }

  /** The Ingresses of the gateway's namespace, or the cluster's classes of them. */
  void has(String resource, String... objects) {
    boolean classes = resource.equals("ingressclasses");
    api.lists(
        "/apis/networking.k8s.io/v1/" + (classes ? resource : "namespaces/openfaas/" + resource),
        classes ? "IngressClassList" : "IngressList",
        Stream.of(objects).map(CannedPlatform::json).toArray(String[]::new));
  }

  private static String[] of(String namespace, String... objects) {
    return Stream.of(objects).map(o -> o.replace("NAMESPACE", namespace)).toArray(String[]::new);
  }

  static Self self() {
    return new Self("openfaas-fn", Map.of());
  }

  static String namespace(String name, String annotations) {
    return json("{metadata: {name: " + name + ", annotations: {" + annotations + "}}}");
  }

  /**
   * The gateway as the chart of OpenFaaS Pro has it.
   *
   * @param variables of its environment, beside NATS' port
   */
  static String gateway(String variables) {
    return gateway("ghcr.io/openfaasltd/gateway:0.4.35", variables);
  }

  static String gateway(String image, String variables) {
    return workload(
        "gateway",
        "{name: main, image: '"
            + image
            + "', env: [{name: faas_nats_port, value: '4222'}"
            + variables
            + "]}");
  }

  /** As the jetstream queue worker has it. */
  static String natsClient(String name, String port) {
    return workload(
        name,
        "{name: main, env: [{name: nats_host, value: nats}, {name: nats_port, value: '"
            + port
            + "'}]}");
  }

  static String deployment(String name) {
    return workload(name, "{name: main}");
  }

  /** A Deployment or a DaemonSet of that image. */
  static String running(String name, String image) {
    return workload(name, "{name: main, image: '" + image + "'}");
  }

  private static String workload(String name, String container) {
    return json(
        "{metadata: {namespace: NAMESPACE, name: "
            + name
            + ", generation: 1}, spec: {replicas: 1, selector: {matchLabels: {app: "
            + name
            + "}}, template: {metadata: {labels: {app: "
            + name
            + "}}, spec: {containers: ["
            + container
            + "]}}}}");
  }

  static String json(String yaml) {
    try {
      return YAML.readTree(yaml).toString();
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    api.close();
  }
}
