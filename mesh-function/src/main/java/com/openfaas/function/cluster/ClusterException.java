package com.openfaas.function.cluster;

import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.Kubectl;
import com.openfaas.function.platform.Problem;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The API server refused, failed, or could not be reached. */
public final class ClusterException extends Exception {
  private static final long serialVersionUID = 1L;

  private static final int TOO_MANY_REQUESTS = 429;
  private static final int UNPROCESSABLE = 422;

  /**
   * How RBAC and other authorizers refuse (k8s.io/apiserver endpoints/handlers/responsewriters).
   */
  private static final Pattern NOT_ALLOWED =
      Pattern.compile("\\bUser \"[^\"]*\" cannot [a-z]+ (resource|path) ");

  /** How admission webhooks and policies word a refusal, whatever status code they return. */
  private static final Pattern BY_ADMISSION =
      Pattern.compile("admission webhook \"|ValidatingAdmissionPolicy '");

  /** Who may not do what, where; every part is a name or a word of the API server's. */
  private static final Pattern MISSING =
      Pattern.compile(
          "(?:\\S+ \"(?<name>[\\w.:-]+)\" is forbidden: )?User \"system:serviceaccount:"
              + "(?<account>[\\w.-]+:[\\w.-]+)\" cannot (?<verb>[a-z]+) resource"
              + " \"(?<resource>[\\w./-]+)\" in API group \"(?<group>[\\w.-]*)\""
              + "(?: in the namespace \"(?<namespace>[\\w.-]+)\")?");

  public final transient Problem problem;

  public ClusterException(Problem problem, Throwable cause) {
    super(problem.toString(), cause);
    this.problem = problem;
  }

  /**
   * Turns the client's exception into a problem an operator can act on; the only place that does.
   *
   * @param verb the RBAC verb of the request
   * @param subject its object, such as {@code deployments in openfaas-fn}
   */
  static ClusterException of(KubernetesClientException e, String verb, String subject) {
    return e.getCause() instanceof ClusterException
        ? (ClusterException) e.getCause()
        : new ClusterException(problem(e, verb, subject), e);
  }

  /** Whether every other request would fail too: the cause is the API server or our account. */
  public boolean concernsEveryRequest() {
    return problem.concernsEveryRequest() || problem.is(Code.TIME_OVER);
  }

  /**
   * The problem as a read error of one part of an observation; rethrown if every other request
   * would fail too.
   */
  public Problem readError() throws ClusterException {
    if (concernsEveryRequest()) {
      throw this;
    }
    return problem;
  }

  /** One line for a log, with the hint. */
  public String told() {
    String all = problem.message + "; " + problem.hint;
    return new Problem(problem.code, problem.subject, all, "").toString();
  }

  /** The problem of a request that ran out of time; any other is rethrown. */
  public Problem whereTimeIsOver() throws ClusterException {
    if (!problem.is(Code.TIME_OVER)) {
      throw this;
    }
    return problem;
  }

  private static Problem problem(KubernetesClientException e, String verb, String subject) {
    String tried = "cannot " + verb + ": ";
    switch (e.getCode()) {
      case HttpURLConnection.HTTP_UNAUTHORIZED:
        return new Problem(
            Code.UNAUTHORIZED,
            subject,
            tried + "the API server does not accept the token",
            "was the Secret mesh-setup-api created again? Deploy mesh-setup again, so that it"
                + " mounts the new one");
      case HttpURLConnection.HTTP_FORBIDDEN:
        return isAdmission(e) ? notAdmitted(e, subject, tried) : notAllowed(e, subject, tried);
      case HttpURLConnection.HTTP_NOT_FOUND:
        return new Problem(
            Code.NOT_FOUND, subject, tried + "there is no such object", "is the name right?");
      case HttpURLConnection.HTTP_GONE:
        return new Problem(Code.GONE, subject, tried + said(e), "invoke again");
      case HttpURLConnection.HTTP_CONFLICT:
        return new Problem(Code.CONFLICT, subject, tried + said(e), "invoke again");
      default:
        return e.getCode() <= 0 ? unreachable(e, subject, tried) : refused(e, subject, tried);
    }
  }

  private static Problem notAllowed(KubernetesClientException e, String subject, String tried) {
    return new Problem(Code.FORBIDDEN, subject, tried + said(e), grant(said(e)));
  }

  /** The command that grants the one missing right to the account the API server names. */
  private static String grant(String said) {
    Matcher missing = MISSING.matcher(said);
    if (!missing.find()) {
      return "what mesh-setup may do: kubectl get rolebindings,clusterrolebindings -A -o wide";
    }
    String[] resource = missing.group("resource").split("/", 2);
    String group = missing.group("group").isEmpty() ? "" : "." + missing.group("group");
    return Kubectl.grant(
        missing.group("account"),
        Objects.requireNonNullElse(missing.group("namespace"), ""),
        List.of(missing.group("verb")),
        resource[0] + group + (resource.length == 1 ? "" : "/" + resource[1]),
        Objects.requireNonNullElse(missing.group("name"), ""));
  }

  private static Problem notAdmitted(KubernetesClientException e, String subject, String tried) {
    return new Problem(
        Code.ADMISSION_REFUSED,
        subject,
        tried + said(e),
        "the cluster's admission refused it, not RBAC: change what the message names");
  }

  /**
   * A 403 is an authorizer's or admission's (a quota, a LimitRange, Pod Security, a webhook). Only
   * an authorizer names the user and what it cannot do; both say {@code is forbidden}. A 403
   * without a message of the API server is from something in between, and counts as an
   * authorizer's.
   */
  private static boolean isAdmission(KubernetesClientException e) {
    String message = e.getStatus() == null ? null : e.getStatus().getMessage();
    return message != null
        && !NOT_ALLOWED.matcher(message).find()
        && (message.contains(" is forbidden: ") || BY_ADMISSION.matcher(message).find());
  }

  private static Problem refused(KubernetesClientException e, String subject, String tried) {
    int code = e.getCode();
    boolean client = code == HttpURLConnection.HTTP_BAD_REQUEST || code == UNPROCESSABLE;
    if (client && BY_ADMISSION.matcher(said(e)).find()) {
      return notAdmitted(e, subject, tried);
    }
    if (code != TOO_MANY_REQUESTS && code < HttpURLConnection.HTTP_INTERNAL_ERROR) {
      String hint = "see the message of the API server";
      return new Problem(Code.API_REFUSED, subject, tried + said(e), hint);
    }
    return new Problem(
        Code.API_UNAVAILABLE,
        subject,
        tried + "the API server answered " + code + ", " + said(e),
        "nothing is lost; when the API server is well: invoke again");
  }

  /** The client's code is -1 or 0 if there was no response. */
  private static Problem unreachable(KubernetesClientException e, String subject, String tried) {
    return new Problem(
        Code.API_UNREACHABLE,
        subject,
        tried + "no answer from the API server: " + cause(e),
        "nothing is lost; when the API server can be reached: invoke again");
  }

  /** The API server's message; the client's own adds a text and the whole URL. */
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
