package com.openfaas.function.lab;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * What Linkerd's policy controller would tell the proxies, by the objects that are in the API at
 * that moment.
 *
 * <p>Modelled: of Servers that select a pod and its port the oldest holds, of the same age the
 * first by name; whom an AuthorizationPolicy of that Server, or of its namespace, admits by
 * MeshTLSAuthentications, all of which must be there; else its accessPolicy, {@code deny} where it
 * has none; a GET of the probe's path, which is a route that admits everybody (linkerd2
 * policy-controller/k8s/index/src/inbound/index.rs). Not modelled: HTTPRoutes, networks,
 * ServerAuthorizations, other ports than 8080, and the seconds until the proxies know.
 */
public final class InboundPolicy {
  private static final String PORT = "8080";
  private static final String OPEN = of("srv", "", "default", "all-unauthenticated");

  private final KubernetesClient admin;
  private volatile boolean away;

  InboundPolicy(KubernetesClient admin) {
    this.admin = admin;
  }

  /** The controller is away, or has never been there: objects are stored and have no effect. */
  public void away(boolean yes) {
    away = yes;
  }

  /**
   * What the proxy of the pod makes of a request.
   *
   * @param client the identity of the caller; null: without the mesh
   */
  Verdict judge(Pod pod, String client, String method, String path) {
    boolean probe = method.equals("GET") && path.equals("/_/health");
    GenericKubernetesResource server = away ? null : server(pod);
    if (server == null) {
      return new Verdict(true, OPEN, probe, "", probe ? "probe" : "all-unauthenticated");
    }
    String of = of("srv", "policy.linkerd.io", "server", name(server));
    if (probe) {
      return new Verdict(true, of, true, "", "probe");
    }
    String authorization = authorization(server, client);
    if (authorization != null) {
      return new Verdict(true, of, false, "policy.linkerd.io", authorization);
    }
    String access = String.valueOf(spec(server).getOrDefault("accessPolicy", "deny"));
    return new Verdict(!access.equals("deny"), of, false, "", access);
  }

  /**
   * As if mesh-setup's objects had been as they are for so much longer. The API server keeps the
   * time of a write where nothing else is changed with it, so a label is; the entry that this makes
   * is taken away again.
   */
  public void age(String namespace, Duration by) {
    Map.of(
            "AuthorizationPolicy",
            "v1alpha1",
            "MeshTLSAuthentication",
            "v1alpha1",
            "Server",
            "v1beta3")
        .forEach(
            (kind, version) ->
                list(version, kind, namespace).stream()
                    .filter(one -> name(one).equals("mesh-setup"))
                    .forEach(one -> age(one, by)));
  }

  private void age(GenericKubernetesResource object, Duration by) {
    object.getMetadata().getLabels().put("lab/aged", UUID.randomUUID().toString());
    object
        .getMetadata()
        .getManagedFields()
        .forEach(entry -> entry.setTime(Instant.parse(entry.getTime()).minus(by).toString()));
    GenericKubernetesResource labelled = admin.resource(object).update();
    labelled
        .getMetadata()
        .getManagedFields()
        .removeIf(entry -> !entry.getManager().equals("mesh-setup"));
    admin.resource(labelled).update();
  }

  private GenericKubernetesResource server(Pod pod) {
    return list("v1beta3", "Server", pod.getMetadata().getNamespace()).stream()
        .filter(server -> String.valueOf(spec(server).get("port")).equals(PORT))
        .filter(server -> selects(map(spec(server).get("podSelector")), pod))
        .min(
            Comparator.comparing(
                    (GenericKubernetesResource one) -> one.getMetadata().getCreationTimestamp())
                .thenComparing(InboundPolicy::name))
        .orElse(null);
  }

  private static boolean selects(Map<String, Object> selector, Pod pod) {
    Map<String, String> labels = pod.getMetadata().getLabels();
    boolean all = true;
    for (var wanted : map(selector.get("matchLabels")).entrySet()) {
      all &= Objects.equals(labels.get(wanted.getKey()), wanted.getValue());
    }
    for (Object each : items(selector.get("matchExpressions"))) {
      Map<String, Object> expression = map(each);
      String value = labels.get(String.valueOf(expression.get("key")));
      boolean among = value != null && items(expression.get("values")).contains(value);
      switch (String.valueOf(expression.get("operator"))) {
        case "Exists":
          all &= value != null;
          break;
        case "In":
          all &= among;
          break;
        case "NotIn":
          all &= !among;
          break;
        default:
          all &= value == null;
      }
    }
    return all;
  }

  /** The name of the one that admits the client; null where none does. */
  private String authorization(GenericKubernetesResource server, String client) {
    String namespace = server.getMetadata().getNamespace();
    for (GenericKubernetesResource one : list("v1alpha1", "AuthorizationPolicy", namespace)) {
      Map<String, Object> target = map(spec(one).get("targetRef"));
      boolean about =
          "Namespace".equals(target.get("kind")) || name(server).equals(target.get("name"));
      List<?> required = items(spec(one).get("requiredAuthenticationRefs"));
      if (about && required.stream().allMatch(ref -> holds(map(ref), namespace, client))) {
        return name(one);
      }
    }
    return null;
  }

  private boolean holds(Map<String, Object> ref, String namespace, String client) {
    return client != null
        && list("v1alpha1", "MeshTLSAuthentication", namespace).stream()
            .filter(one -> name(one).equals(ref.get("name")))
            .flatMap(one -> items(spec(one).get("identityRefs")).stream())
            .map(InboundPolicy::map)
            .anyMatch(
                account ->
                    client.startsWith(
                        account.get("name")
                            + "."
                            + account.getOrDefault("namespace", namespace)
                            + ".serviceaccount.identity."));
  }

  private List<GenericKubernetesResource> list(String version, String kind, String namespace) {
    ResourceDefinitionContext context =
        new ResourceDefinitionContext.Builder()
            .withGroup("policy.linkerd.io")
            .withVersion(version)
            .withKind(kind)
            .withPlural(kind.toLowerCase(Locale.ROOT).replaceAll("y$", "ie") + "s")
            .withNamespaced(true)
            .build();
    return admin.genericKubernetesResources(context).inNamespace(namespace).list().getItems();
  }

  private static String name(GenericKubernetesResource object) {
    return object.getMetadata().getName();
  }

  private static Map<String, Object> spec(GenericKubernetesResource object) {
    return map(object.getAdditionalProperties().get("spec"));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object value) {
    return value == null ? Map.of() : (Map<String, Object>) value;
  }

  private static List<?> items(Object value) {
    return value == null ? List.of() : new ArrayList<>((List<?>) value);
  }

  private static String of(String what, String group, String kind, String name) {
    return String.format(
        "%s_group=\"%s\",%s_kind=\"%s\",%s_name=\"%s\"", what, group, what, kind, what, name);
  }

  /** Whether a request gets in, and the labels with which that is counted. */
  static final class Verdict {
    final boolean admitted;

    /** What the proxy says of the Server, the route and who has let it in. */
    final String labels;

    Verdict(boolean admitted, String server, boolean probe, String group, String by) {
      this.admitted = admitted;
      String kind = group.isEmpty() ? "default" : "authorizationpolicy";
      this.labels =
          server
              + ",srv_port=\"8080\","
              + of("route", "", "default", probe ? "probe" : "default")
              + (admitted ? "," + of("authz", group, kind, by) : "");
    }
  }
}
