package com.openfaas.function;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.openfaas.function.lab.TestCertificate;
import com.openfaas.model.Request;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.net.ssl.SSLParameters;

/**
 * What the template's training run has the function do, without a cluster: observe a platform of
 * one function. The API server is a table of answers; it proves nothing, it only makes the function
 * load what it loads when it observes a real one. It rehearses no pod: that would take 3 MiB of
 * memory in every process, for 0.2 s of the first run that changes something.
 */
public final class Training {
  private static final int LONG_BYTES = 1000;
  private static final String META =
      "\"metadata\":{\"name\":\"NAME\",\"namespace\":\"NS\",\"labels\":{\"faas_function\":\"NAME\"},"
          + "\"annotations\":{\"a\":\"b\"},\"creationTimestamp\":\"2026-01-01T00:00:00Z\","
          + "\"managedFields\":[{\"manager\":\"m\",\"fieldsV1\":{\"f:spec\":{}}}]}";
  private static final String CONTAINER =
      "{\"name\":\"c\",\"image\":\"i\",\"ports\":[{\"containerPort\":8080}],"
          + "\"env\":[{\"name\":\"functions_provider\",\"value\":\"v\"}],"
          + "\"readinessProbe\":{\"httpGet\":{\"path\":\"/\",\"port\":8080}},"
          + "\"resources\":{\"limits\":{\"memory\":\"1Mi\"}}}";
  private static final String TEMPLATE =
      "{" + META + ",\"spec\":{\"containers\":[" + CONTAINER + "],\"restartPolicy\":\"Always\"}}";
  private static final String DEPLOYMENT =
      "{"
          + META
          + ",\"spec\":{\"replicas\":1,\"selector\":{\"matchLabels\":{\"faas_function\":\"NAME\"}},"
          + "\"strategy\":{\"rollingUpdate\":{\"maxUnavailable\":0,\"maxSurge\":\"25%\"}},"
          + "\"template\":"
          + TEMPLATE
          + "},\"status\":{\"replicas\":1,\"updatedReplicas\":1,\"availableReplicas\":1,"
          + "\"conditions\":[{\"type\":\"Available\",\"status\":\"True\"}]}}";
  private static final String POD =
      "{"
          + META
          + ",\"spec\":{\"containers\":["
          + CONTAINER
          + "]},\"status\":{\"phase\":\"Running\",\"conditions\":[{\"type\":\"Ready\","
          + "\"status\":\"True\"}],\"containerStatuses\":[{\"name\":\"c\",\"ready\":true,"
          + "\"state\":{\"running\":{\"startedAt\":\"2026-01-01T00:00:00Z\"}}}]}}";

  private static final String SERVICE =
      "{"
          + META
          + ",\"spec\":{\"type\":\"ClusterIP\",\"selector\":{\"faas_function\":\"gateway\"},"
          + "\"ports\":[{\"name\":\"http\",\"port\":8080,\"targetPort\":8080}]}}";
  private static final String INGRESS =
      "{"
          + META
          + ",\"spec\":{\"ingressClassName\":\"nginx\",\"rules\":[{\"http\":{\"paths\":[{\"path\":\"/\","
          + "\"backend\":{\"service\":{\"name\":\"gateway\",\"port\":{\"number\":8080}}}}]}}]}}";
  private static final String INGRESS_CLASS =
      "{\"metadata\":{\"name\":\"NAME\"},\"spec\":{\"controller\":\"k8s.io/ingress-nginx\"}}";

  private static final String FORBIDDEN =
      "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Failure\","
          + "\"message\":\"forbidden\",\"reason\":\"Forbidden\",\"code\":403,"
          + "\"details\":{\"name\":\"n\",\"kind\":\"k\"}}";

  /** By how a path ends; the first that fits. */
  private static final Map<String, String> ANSWERS = new LinkedHashMap<>();

  static {
    ANSWERS.put("/namespaces/openfaas/deployments", list(DEPLOYMENT, "openfaas", "gateway"));
    ANSWERS.put("/namespaces/openfaas-fn/deployments", list(DEPLOYMENT, "openfaas-fn", "figlet"));
    ANSWERS.put(
        "/namespaces/linkerd/deployments",
        list(
            DEPLOYMENT,
            "linkerd",
            "linkerd-destination",
            "linkerd-identity",
            "linkerd-proxy-injector"));
    ANSWERS.put("/namespaces/openfaas-fn/pods", list(POD, "openfaas-fn", "figlet"));
    ANSWERS.put("/pods", list(POD, "openfaas", "gateway"));
    ANSWERS.put(
        "/api/v1/namespaces",
        list("{\"metadata\":{\"name\":\"NAME\"}}", "", "openfaas", "openfaas-fn"));
    ANSWERS.put("/services", list(SERVICE, "openfaas", "gateway"));
    ANSWERS.put("/ingresses", list(INGRESS, "openfaas", "gateway"));
    ANSWERS.put("/ingressclasses", list(INGRESS_CLASS, "", "nginx"));
    ANSWERS.put("/httproutes", FORBIDDEN);
    ANSWERS.put(
        "/configmaps/linkerd-config",
        "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{},"
            + "\"data\":{\"values\":\"linkerdVersion: v\\nproxy:\\n  image:\\n    version: v\\n\"}}");
    ANSWERS.put(
        "/configmaps/linkerd-identity-trust-roots",
        "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{},"
            + "\"data\":{\"ca-bundle.crt\":\"x\"}}");
    ANSWERS.put(
        "/linkerd-proxy-injector-webhook-config",
        "{\"kind\":\"MutatingWebhookConfiguration\","
            + "\"apiVersion\":\"admissionregistration.k8s.io/v1\",\"metadata\":{},\"webhooks\":["
            + "{\"name\":\"w\",\"namespaceSelector\":{\"matchExpressions\":[{\"key\":\"k\","
            + "\"operator\":\"NotIn\",\"values\":[\"v\"]}]},\"clientConfig\":"
            + "{\"service\":{\"name\":\"s\",\"namespace\":\"linkerd\"}}}]}");
    ANSWERS.put(
        "/selfsubjectrulesreviews",
        "{\"kind\":\"SelfSubjectRulesReview\",\"apiVersion\":\"authorization.k8s.io/v1\","
            + "\"status\":{\"resourceRules\":[{\"verbs\":[\"*\"],\"apiGroups\":[\"*\"],"
            + "\"resources\":[\"*\"]}],\"nonResourceRules\":[],\"incomplete\":false}}");
  }

  private Training() {}

  /** Fails where the function finds no platform: then it would not have been trained for one. */
  public static void main(String[] arguments) throws IOException {
    HttpsServer api =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    api.setHttpsConfigurator(new LikeAnApiServer());
    api.createContext("/", Training::answer);
    api.start();
    Path account = Files.createTempDirectory("training");
    Files.writeString(account.resolve("token"), "t");
    Files.writeString(account.resolve("namespace"), "openfaas-fn");
    Files.writeString(account.resolve("ca.crt"), TestCertificate.shared().pem());
    Map<String, String> environment =
        Map.of(
            "KUBERNETES_SERVICE_HOST",
            "127.0.0.1",
            "KUBERNETES_SERVICE_PORT",
            String.valueOf(api.getAddress().getPort()),
            "exec_timeout",
            "55s",
            "secret_mount_path",
            account.toString());
    try {
      train(new Handler(environment, Clock.systemUTC()));
    } finally {
      api.stop(0);
    }
  }

  private static void train(Handler handler) {
    for (String action : List.of("status", "plan", "status&format=text", "status&format=html")) {
      Map<String, String> headers = Map.of("X-Http-Method", "GET");
      String body = handler.Handle(new Request("", headers, "action=" + action, "")).getBody();
      if (!body.contains("figlet")) {
        throw new IllegalStateException(action + ": " + body);
      }
    }
  }

  private static void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String body =
        ANSWERS.entrySet().stream()
            .filter(entry -> path.endsWith(entry.getKey()))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElse(FORBIDDEN);
    byte[] bytes = body.getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    // What is long comes in chunks, as an API server sends it.
    exchange.sendResponseHeaders(
        body.equals(FORBIDDEN) ? 403 : 200, bytes.length > LONG_BYTES ? 0 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static String list(String item, String namespace, String... names) {
    return Arrays.stream(names)
        .map(name -> item.replace("NS", namespace).replace("NAME", name))
        .collect(
            Collectors.joining(
                ",",
                "{\"kind\":\"List\",\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[",
                "]}"));
  }

  /** Asks for a certificate, and lets the client choose the cipher. */
  private static final class LikeAnApiServer extends HttpsConfigurator {
    LikeAnApiServer() {
      super(TestCertificate.shared().sslContext());
    }

    @Override
    public void configure(HttpsParameters connection) {
      SSLParameters parameters = getSSLContext().getDefaultSSLParameters();
      parameters.setWantClientAuth(true);
      parameters.setUseCipherSuitesOrder(false);
      connection.setSSLParameters(parameters);
    }
  }
}
