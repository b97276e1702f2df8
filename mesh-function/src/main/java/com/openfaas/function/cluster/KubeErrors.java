package com.openfaas.function.cluster;

import com.openfaas.function.platform.Problem;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;

/**
 * Turns what the client throws into a problem an operator can act on; the only place that looks.
 */
final class KubeErrors {
  private static final int TOO_MANY_REQUESTS = 429;

  /** The client's code where there was no response; 0 where it did not even come to a request. */
  private static final int NO_ANSWER = -1;

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
      case TOO_MANY_REQUESTS:
      case HttpURLConnection.HTTP_INTERNAL_ERROR:
      case HttpURLConnection.HTTP_UNAVAILABLE:
      case HttpURLConnection.HTTP_GATEWAY_TIMEOUT:
        return new Problem(
            "api_unavailable",
            subject,
            tried + "the API server answered " + e.getCode() + ", " + said(e),
            "nothing is lost: invoke mesh-setup again when the API server is well");
      case NO_ANSWER:
      case 0:
        return new Problem(
            "api_unreachable",
            subject,
            tried + "no answer from the API server: " + cause(e),
            "nothing is lost: invoke mesh-setup again when the API server can be reached");
      default:
        return new Problem(
            "api_refused", subject, tried + said(e), "see the message of the API server");
    }
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
