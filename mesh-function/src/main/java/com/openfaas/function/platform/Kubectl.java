package com.openfaas.function.platform;

import java.util.Collection;
import java.util.List;

/** Commands for an operator to paste in any directory, with the names of their platform. */
public final class Kubectl {
  /** The namespace in stack.yml, used when mesh-setup was not observed. */
  private static final String USUAL_NAMESPACE = "openfaas-fn";

  private Kubectl() {}

  /**
   * Changes a setting of mesh-setup, at once.
   *
   * @param assignment such as {@code mesh_ingress=apply}
   */
  public static String set(List<Workload> workloads, String assignment) {
    return Workload.self(workloads)
        .map(self -> set(self.namespace, self.name, assignment))
        .orElseGet(() -> set(USUAL_NAMESPACE, "mesh-setup", assignment));
  }

  /**
   * The same for the mesh-setup of that namespace and name.
   *
   * @param assignment such as {@code mesh_ingress=apply}
   */
  public static String set(String namespace, String name, String assignment) {
    return "kubectl -n "
        + namespace
        + " set env deployment/"
        + name
        + " "
        + assignment
        + "; set it in stack.yml, too, or the next deploy removes it";
  }

  /** Lets mesh-setup change one more Deployment. */
  public static String letPatch(List<Workload> workloads, Annotated object) {
    return letPatch(
        Workload.self(workloads).map(self -> self.namespace).orElse(USUAL_NAMESPACE), object);
  }

  /** Lets the mesh-setup of that namespace change one more Deployment. */
  public static String letPatch(String ownNamespace, Annotated object) {
    return grant(
        ownNamespace + ":mesh-setup",
        object.namespace,
        List.of("patch"),
        "deployments.apps",
        object.name);
  }

  /**
   * Grants verbs on a resource, by a Role of their own.
   *
   * @param account such as {@code openfaas-fn:mesh-setup}
   * @param namespace empty for all of them, by a ClusterRole
   * @param resource such as {@code deployments.apps}
   * @param name of a single object; empty for all
   */
  public static String grant(
      String account, String namespace, Collection<String> verbs, String resource, String name) {
    String role =
        ("mesh-setup-"
                + String.join("-", verbs)
                + "-"
                + resource
                + (name.isEmpty() ? "" : "-" + name))
            .replaceAll("[^a-z0-9-]", "-");
    String kubectl = "kubectl " + (namespace.isEmpty() ? "" : "-n " + namespace + " ") + "create ";
    String cluster = namespace.isEmpty() ? "cluster" : "";
    return kubectl
        + cluster
        + "role "
        + role
        + " --verb="
        + String.join(",", verbs)
        + " --resource="
        + resource
        + (name.isEmpty() ? "" : " --resource-name=" + name)
        + " && "
        + kubectl
        + cluster
        + "rolebinding "
        + role
        + " --"
        + cluster
        + "role="
        + role
        + " --serviceaccount="
        + account;
  }

  /**
   * Lets mesh-setup read the proxies' metrics in a namespace whose policies deny it: a Server, a
   * MeshTLSAuthentication and an AuthorizationPolicy, for all its pods. {@code linkerd viz
   * allow-scrapes} is no substitute: it admits only viz's Prometheus (linkerd2
   * viz/cmd/allow-scrapes.go).
   */
  public static String allowScrapes(List<Workload> workloads, String namespace) {
    String meta = "metadata: {namespace: " + namespace + ", name: mesh-setup-metrics}\n";
    return "kubectl apply -f - <<'EOF'\n"
        + "apiVersion: policy.linkerd.io/v1beta3\n"
        + "kind: Server\n"
        + meta
        + "spec: {podSelector: {}, port: linkerd-admin, proxyProtocol: HTTP/1}\n"
        + "---\n"
        + "apiVersion: policy.linkerd.io/v1alpha1\n"
        + "kind: MeshTLSAuthentication\n"
        + meta
        + "spec: {identityRefs: [{kind: ServiceAccount, name: "
        + Workload.self(workloads).map(Kubectl::account).orElse("default")
        + ", namespace: "
        + Workload.self(workloads).map(self -> self.namespace).orElse(USUAL_NAMESPACE)
        + "}]}\n"
        + "---\n"
        + "apiVersion: policy.linkerd.io/v1alpha1\n"
        + "kind: AuthorizationPolicy\n"
        + meta
        + "spec:\n"
        + "  targetRef: {group: policy.linkerd.io, kind: Server, name: mesh-setup-metrics}\n"
        + "  requiredAuthenticationRefs:\n"
        + "  - {group: policy.linkerd.io, kind: MeshTLSAuthentication, name: mesh-setup-metrics}\n"
        + "EOF";
  }

  /** The account of its serving pods, or else of the pods to come. */
  private static String account(Workload workload) {
    return workload.pods.stream()
        .filter(PodView::isServing)
        .map(pod -> pod.account)
        .findFirst()
        .orElse(workload.template.account);
  }
}
