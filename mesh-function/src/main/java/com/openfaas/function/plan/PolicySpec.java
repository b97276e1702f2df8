package com.openfaas.function.plan;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.openfaas.function.platform.InboundRules.PolicyObject;
import com.openfaas.function.platform.Kind;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.platform.Workload.Role;
import com.openfaas.function.policy.Policy.Protect;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The specs of a function namespace's three policy objects, as JSON with sorted keys and with every
 * default written out (linkerd2 charts/linkerd-crds/templates/policy).
 */
final class PolicySpec {
  private static final Gson JSON = new GsonBuilder().disableHtmlEscaping().create();
  private static final String GROUP = "policy.linkerd.io";
  private static final String ACCESS = "accessPolicy";

  private PolicySpec() {}

  static String of(Kind kind, Scope scope, String namespace, Protect protect) {
    switch (kind) {
      case SERVER:
        return server(scope.platform, namespace, protect);
      case MESH_TLS_AUTHENTICATION:
        return authentication(scope);
      default:
        return authorization();
    }
  }

  /**
   * The Server of the functions, by OpenFaaS' label. mesh-setup itself is left out: a gateway
   * without its proxy is refused by all the others and must reach the one that can repair that.
   * {@code unknown} is also what applies to a port without a Server: the proxy detects the
   * protocol.
   */
  private static String server(Platform platform, String namespace, Protect protect) {
    List<Map<String, Object>> expressions = new ArrayList<>();
    expressions.add(sorted(Map.of("key", Workload.FUNCTION_LABEL, "operator", "Exists")));
    platform.workloads.stream()
        .filter(w -> w.role == Role.SELF && w.namespace.equals(namespace))
        .map(
            w ->
                Map.of(
                    "key", Workload.FUNCTION_LABEL, "operator", "NotIn", "values", List.of(w.name)))
        .forEach(expression -> expressions.add(sorted(expression)));
    return json(
        Map.of(
            ACCESS,
            protect == Protect.ENFORCE ? "deny" : "audit",
            "podSelector",
            Map.of("matchExpressions", expressions),
            "port",
            Platform.PORT,
            "proxyProtocol",
            "unknown"));
  }

  /** The authentication of the clients to admit: the gateway, and those the operator names. */
  static String authentication(Scope scope) {
    Set<String> accounts = new TreeSet<>(scope.policy.callers);
    accounts.addAll(accounts(scope.platform.gateway.value));
    return json(
        Map.of(
            "identityRefs", accounts.stream().map(a -> account(a)).collect(Collectors.toList())));
  }

  /** Of its pods, and of those to come: {@code NAMESPACE/ACCOUNT}; empty if it is unknown. */
  static Set<String> accounts(Workload workload) {
    Set<String> accounts = new TreeSet<>();
    if (workload != null) {
      accounts.add(workload.namespace + "/" + workload.template.account);
      workload.pods.stream()
          .filter(PodView::isServing)
          .forEach(pod -> accounts.add(workload.namespace + "/" + pod.account));
    }
    return accounts;
  }

  private static Map<String, Object> account(String key) {
    String[] parts = key.split("/", 2);
    return sorted(Map.of("kind", "ServiceAccount", "name", parts[1], "namespace", parts[0]));
  }

  /** Whether that authentication admits the account. */
  static boolean admits(String spec, String account) {
    return spec != null && spec.contains(JSON.toJson(account(account)));
  }

  /** The authorization of those clients for the Server. */
  private static String authorization() {
    return json(
        Map.of(
            "requiredAuthenticationRefs",
            List.of(reference("MeshTLSAuthentication")),
            "targetRef",
            reference("Server")));
  }

  private static Map<String, Object> reference(String kind) {
    return sorted(Map.of("group", GROUP, "kind", kind, "name", PolicyObject.NAME));
  }

  /**
   * What a Server of that spec does with clients without an authorization. Linkerd's default
   * refuses them; each value but {@code deny} admits clients that nobody has named.
   */
  static Protect protect(String server) {
    if (server == null) {
      return Protect.OFF;
    }
    JsonElement access = access(server);
    boolean denies = access == null || access.equals(new JsonPrimitive("deny"));
    return denies ? Protect.ENFORCE : Protect.AUDIT;
  }

  /** The same Server's spec, but it admits everybody. */
  static String watching(String server) {
    JsonObject spec = JsonParser.parseString(server).getAsJsonObject();
    spec.addProperty(ACCESS, "audit");
    return JSON.toJson(spec);
  }

  /** Whether a Server of that spec admits everybody and counts who would be refused. */
  static boolean audits(String server) {
    return server != null && new JsonPrimitive("audit").equals(access(server));
  }

  private static JsonElement access(String server) {
    return JsonParser.parseString(server).getAsJsonObject().get(ACCESS);
  }

  static boolean refuses(String server) {
    return protect(server) == Protect.ENFORCE;
  }

  private static String json(Map<String, Object> spec) {
    return JSON.toJson(sorted(spec));
  }

  private static Map<String, Object> sorted(Map<String, ?> map) {
    return new TreeMap<>(map);
  }
}
