package com.openfaas.function.cluster;

import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.Kind;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressClass;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.util.List;
import java.util.Optional;

/** What routes traffic to the gateway and the functions: Services, routes and their classes. */
public final class Networking {
  private final ObjectRequests objects;

  Networking(ObjectRequests objects) {
    this.objects = objects;
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
    return objects.list(subject, path, type, item -> item).items;
  }

  private static String path(Kind kind, String namespace) {
    return ObjectRequests.path(kind, namespace, null);
  }

  /** Routes of the Gateway API; none if the cluster does not have it. */
  public List<GenericKubernetesResource> httpRoutes(String namespace) throws ClusterException {
    return custom("gateway.networking.k8s.io/v1", "httproutes", namespace);
  }

  public List<GenericKubernetesResource> grpcRoutes(String namespace) throws ClusterException {
    return custom("gateway.networking.k8s.io/v1", "grpcroutes", namespace);
  }

  /** Linkerd's older way to configure a Service; none if the cluster does not have it. */
  public List<GenericKubernetesResource> serviceProfiles(String namespace) throws ClusterException {
    return custom("linkerd.io/v1alpha2", "serviceprofiles", namespace);
  }

  /**
   * Linkerd's policy objects of one kind.
   *
   * @param version of {@code policy.linkerd.io}
   * @return empty if the cluster does not serve the kind in that version
   */
  public Optional<List<GenericKubernetesResource>> inboundRules(
      String version, String kinds, String namespace) throws ClusterException {
    return known("policy.linkerd.io/" + version, kinds, namespace);
  }

  private List<GenericKubernetesResource> custom(String group, String kinds, String namespace)
      throws ClusterException {
    return known(group, kinds, namespace).orElse(List.of());
  }

  private Optional<List<GenericKubernetesResource>> known(
      String group, String kinds, String namespace) throws ClusterException {
    try {
      String path = "/apis/" + group + "/namespaces/" + namespace + "/" + kinds;
      return Optional.of(all(kinds + " in " + namespace, path, GenericKubernetesResource.class));
    } catch (ClusterException e) {
      if (e.problem.is(Code.NOT_FOUND)) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
