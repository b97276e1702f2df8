package com.openfaas.function.cluster;

import com.openfaas.function.platform.Problem;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;

/**
 * Turns what the client throws into a problem an operator can act on; the only place that looks.
 */
final class KubeErrors {
  private static final int TOO_MANY_REQUESTS = 429;

  private KubeErrors() {}

  /**
   * @param verb what was tried, as RBAC calls it
   * @param subject on what, as {@code deployments in openfaas-fn}
   */
  static ClusterException of(KubernetesClientException e, String verb, String subject) {
    return new ClusterException(problem(e, verb, subject), e);
  }

  private static Problem problem(KubernetesClientException e, String verb, String subject) {
    String tried = "cannot " + verb + ": ";
    switch (e.getCode()) {
      case HttpURLConnection.HTTP_UNAUTHORIZED:
        return new Problem(
            "unauthorized",
            subject,
            tried + "the API server does not accept the token",
            "was the Secret mesh-setup-api made anew? Deploy mesh-setup again, so that it mounts the new one");
      case HttpURLConnection.HTTP_FORBIDDEN:
        return new Problem(
            "forbidden",
            subject,
            tried + said(e),
            "kubectl apply -f mesh-function/deploy/rbac.yml, with your namespaces in it");
      case HttpURLConnection.HTTP_NOT_FOUND:
        return new Problem(
            "not_found", subject, tried + "there is no such object", "is the name right?");
      case HttpURLConnection.HTTP_CONFLICT:
        return new Problem("conflict", subject, tried + said(e), "invoke mesh-setup again");
      default:
        return e.getCode() <= 0 ? unreachable(e, subject, tried) : refused(e, subject, tried);
    }
  }

  private static Problem refused(KubernetesClientException e, String subject, String tried) {
    int code = e.getCode();
    if (code != TOO_MANY_REQUESTS && code < HttpURLConnection.HTTP_INTERNAL_ERROR) {
      String hint = "see the message of the API server";
      return new Problem("api_refused", subject, tried + said(e), hint);
    }
    return new Problem(
        "api_unavailable",
        subject,
        tried + "the API server answered " + code + ", " + said(e),
        "nothing is lost: invoke mesh-setup again when the API server is well");
  }

  /** The client has -1 or 0 for a code where there was no response. */
  private static Problem unreachable(KubernetesClientException e, String subject, String tried) {
    return new Problem(
        "api_unreachable",
        subject,
        tried + "no answer from the API server: " + cause(e),
        "nothing is lost: invoke mesh-setup again when the API server can be reached");
  }

  /** The API server's own words; the client wraps them in ours, with the whole URL. */
  private static String said(KubernetesClientException e) {
    boolean status = e.getStatus() != null && e.getStatus().getMessage() != null;
    return status ? e.getStatus().getMessage() : "HTTP " + e.getCode();
  }

  private static String cause(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getClass().getSimpleName()
        + (root.getMessage() == null ? "" : " (" + root.getMessage() + ")");
  }
}
