package com.openfaas.function.verify;

import com.openfaas.function.platform.ControlPlane;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.Reading;
import com.openfaas.function.platform.Workload;
import java.util.Objects;

/**
 * Who a pod is to the mesh: {@code ACCOUNT.NAMESPACE.serviceaccount.identity.LINKERD.TRUST-DOMAIN}
 * (linkerd2 charts/partials/templates/_proxy.tpl).
 */
final class Identity {
  private static final String KIND = ".serviceaccount.identity.";

  private final String account;

  /** Empty where it is not known: then only the account and its namespace are compared. */
  private final String domain;

  private Identity(String account, String domain) {
    this.account = Objects.requireNonNull(account);
    this.domain = Objects.requireNonNull(domain);
  }

  static Identity of(Workload workload, PodView pod, Reading<ControlPlane> plane) {
    String trust = plane.isKnown() ? plane.value.configOrDefaults().trustDomain : "";
    return new Identity(
        pod.account + "." + workload.namespace,
        trust.isEmpty() ? "" : plane.value.namespace + "." + trust);
  }

  boolean is(String shown) {
    String start = account + KIND;
    return domain.isEmpty() ? shown.startsWith(start) : shown.equals(start + domain);
  }

  /** {@code NAMESPACE/ACCOUNT} of an identity; null where it is not one of a service account. */
  static String accountOf(String shown) {
    int kind = shown.indexOf(KIND);
    String[] parts = kind < 0 ? new String[0] : shown.substring(0, kind).split("\\.", -1);
    // A service account's name may hold points, a namespace's cannot.
    if (parts.length < 2) {
      return null;
    }
    String namespace = parts[parts.length - 1];
    return namespace + "/" + shown.substring(0, kind - namespace.length() - 1);
  }

  @Override
  public String toString() {
    return account + KIND + (domain.isEmpty() ? "..." : domain);
  }
}
