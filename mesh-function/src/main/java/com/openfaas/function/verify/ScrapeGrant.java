package com.openfaas.function.verify;

import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.platform.Workload.Role;
import java.util.List;

/**
 * What lets mesh-setup itself read the proxies' metrics where a policy shuts their admin port.
 * {@code linkerd viz allow-scrapes} does not: it admits the Prometheus of viz alone (linkerd2
 * viz/cmd/allow-scrapes.go).
 */
final class ScrapeGrant {
  private final String account;
  private final String namespace;

  private ScrapeGrant(String account, String namespace) {
    this.account = account;
    this.namespace = namespace;
  }

  /** For the account that mesh-setup's own pod has; where it is not seen, the usual one. */
  static ScrapeGrant of(List<Workload> workloads) {
    for (Workload workload : workloads) {
      if (workload.role == Role.SELF) {
        String account =
            workload.pods.stream()
                .filter(PodView::isServing)
                .map(pod -> pod.account)
                .findFirst()
                .orElse(workload.template.account);
        return new ScrapeGrant(account, workload.namespace);
      }
    }
    return new ScrapeGrant("default", "openfaas-fn");
  }

  /** A command to paste: the three objects, for all pods of a namespace. */
  String yaml(String of) {
    String meta = "metadata: {namespace: " + of + ", name: mesh-setup-metrics}\n";
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
        + account
        + ", namespace: "
        + namespace
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
}
