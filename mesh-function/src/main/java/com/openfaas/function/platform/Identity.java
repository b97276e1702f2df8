package com.openfaas.function.platform;

import java.util.Objects;

/**
 * A pod's mesh identity: {@code ACCOUNT.NAMESPACE.serviceaccount.identity.LINKERD.TRUST-DOMAIN}
 * (linkerd2 charts/partials/templates/_proxy.tpl).
 */
public final class Identity {
  private static final String KIND = ".serviceaccount.identity.";

  private final String account;

  /** Empty if unknown: then only the account and its namespace are compared. */
  private final String domain;

  private Identity(String account, String domain) {
    this.account = Objects.requireNonNull(account);
    this.domain = Objects.requireNonNull(domain);
  }

  public static Identity of(Workload workload, PodView pod, Reading<ControlPlane> plane) {
    return of(workload.namespace, pod.account, plane);
  }

  public static Identity of(String namespace, String account, Reading<ControlPlane> plane) {
    String trust = plane.isKnown() ? plane.value.configOrDefaults().trustDomain : "";
    return new Identity(
        account + "." + namespace, trust.isEmpty() ? "" : plane.value.namespace + "." + trust);
  }

  /** A pattern for {@link #matches} that takes the account in any mesh. */
  public static String pattern(String namespace, String account) {
    return account + "." + namespace + KIND;
  }

  /**
   * Whether a MeshTLSAuthentication with the pattern admits it: {@code *} matches every identity,
   * {@code *.REST} a suffix, anything else one identity (linkerd2 policy-controller/core).
   */
  public boolean matches(String pattern) {
    boolean anyMesh = domain.isEmpty() || pattern.endsWith(KIND);
    int kind = pattern.indexOf(KIND);
    String shown = account + KIND + (anyMesh ? "" : domain);
    String asked = anyMesh && kind >= 0 ? pattern.substring(0, kind + KIND.length()) : pattern;
    return asked.startsWith("*") ? shown.endsWith(asked.substring(1)) : shown.equals(asked);
  }

  public boolean is(String shown) {
    String start = account + KIND;
    return domain.isEmpty() ? shown.startsWith(start) : shown.equals(start + domain);
  }

  /** {@code NAMESPACE/ACCOUNT} of an identity; null if it is not a service account's. */
  public static String accountOf(String shown) {
    int kind = shown.indexOf(KIND);
    String[] parts = kind < 0 ? new String[0] : shown.substring(0, kind).split("\\.", -1);
    // A service account's name may contain dots, a namespace's cannot.
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
