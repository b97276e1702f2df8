package com.openfaas.function.cluster;

import com.openfaas.function.platform.Kind;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressClass;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.List;

/** What stands in front of the gateway and of the functions: Services, routes and their classes. */
public final class Networking {
  private static final ResourceDefinitionContext HTTP_ROUTES =
      context("gateway.networking.k8s.io", "v1", "HTTPRoute", "httproutes");

  private static final ResourceDefinitionContext SERVICE_PROFILES =
      context("linkerd.io", "v1alpha2", "ServiceProfile", "serviceprofiles");

  private final KubernetesClient client;
  private final ObjectRequests objects;
  private final Requests requests;

  Networking(KubernetesClient client, ObjectRequests objects, Requests requests) {
    this.client = client;
    this.objects = objects;
    this.requests = requests;
  }

  public List<Service> services(String namespace) throws ClusterException {
    return all("services in " + namespace, path(Kind.SERVICE, namespace), Service.class);
  }

  public List<Ingress> ingresses(String namespace) throws ClusterException {
    return all("ingresses in " + namespace, path(Kind.INGRESS, namespace), Ingress.class);
  }

  public List<NetworkPolicy> networkPolicies(String namespace) throws ClusterException {
    return all(
        "networkpolicies in " + namespace,
        "/apis/networking.k8s.io/v1/namespaces/" + namespace + "/networkpolicies",
        NetworkPolicy.class);
  }

  public List<IngressClass> ingressClasses() throws ClusterException {
    return all("ingressclasses", "/apis/networking.k8s.io/v1/ingressclasses", IngressClass.class);
  }

  private <T> List<T> all(String subject, String path, Class<T> type) throws ClusterException {
    return requests.ask("list", subject, () -> objects.list(path, type, item -> item).items);
  }

  private static String path(Kind kind, String namespace) {
    return ObjectRequests.all(kind, namespace, null);
  }

  /** Routes of the Gateway API; none where the cluster does not have it. */
  public List<GenericKubernetesResource> httpRoutes(String namespace) throws ClusterException {
    return custom(HTTP_ROUTES, namespace);
  }

  /** Linkerd's older way to configure a Service; none where the cluster does not have it. */
  public List<GenericKubernetesResource> serviceProfiles(String namespace) throws ClusterException {
    return custom(SERVICE_PROFILES, namespace);
  }

  private List<GenericKubernetesResource> custom(ResourceDefinitionContext kind, String namespace)
      throws ClusterException {
    try {
      return requests.ask(
          "list",
          kind.getPlural() + " in " + namespace,
          () -> client.genericKubernetesResources(kind).inNamespace(namespace).list().getItems());
    } catch (ClusterException e) {
      if (e.problem.code.equals("not_found")) {
        return List.of();
      }
      throw e;
    }
  }

  private static ResourceDefinitionContext context(
      String group, String version, String kind, String plural) {
    return new ResourceDefinitionContext.Builder()
        .withGroup(group)
        .withVersion(version)
        .withKind(kind)
        .withPlural(plural)
        .withNamespaced(true)
        .build();
  }
}
