package com.openfaas.function.policy;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What mesh-setup may change and how fast, as the operator set it. Callers can only narrow it. */
public final class Policy {
  public final String gatewayNamespace;
  public final String gatewayName;

  /**
   * The function namespaces; if empty, they are found by the gateway's environment and, with
   * OpenFaaS Pro, the annotation {@code openfaas}.
   */
  public final List<String> namespaces;

  /** Names of Deployments in the gateway's namespace that are meshed with it. */
  public final List<String> core;

  /** Whether the operator named the core: then a missing Deployment is reported. */
  public final boolean coreNamed;

  /**
   * The ports NATS clients skip, as {@code 4222} or {@code 4000-5000,...}; if empty, by the
   * gateway's environment.
   */
  public final String skipOutboundPorts;

  /** The API server's port by the pod's environment; empty if it has none. */
  public final String apiServerPort;

  /** What may be done about the ingress controller. */
  public final Ingress ingress;

  /** {@code NAMESPACE/NAME} of the controller's workload; if empty, it is searched for. */
  public final String ingressController;

  /** Whether the old guide's configuration snippet is set, for old installations. */
  public final boolean ingressSnippet;

  /** The ports on which a meshed controller still sees its clients' addresses; may be empty. */
  public final String ingressSkipInboundPorts;

  /** The annotations for the functions' Services: retries and a timeout. */
  public final Map<String, String> serviceAnnotations;

  /** How many rollouts may be in progress at once. */
  public final int parallel;

  /** The longest a run may take, in seconds; below the watchdog's exec_timeout. */
  public final int budgetSeconds;

  /** A rollout without any progress for this long has failed. */
  public final Duration patience;

  /** How long a run may take in total, its caller answered or not. */
  public final Duration runLimit;

  /** The URL for verify's calls to functions, without a trailing slash. */
  public final URI gatewayUrl;

  /** Whether calls by others than the gateway and {@link #callers} are counted, or refused. */
  public final Protect protect;

  /** {@code NAMESPACE/ACCOUNT} of those who may call functions beside the gateway. */
  public final List<String> callers;

  /** Whether apply needs a signature, as refresh and revert always do. */
  public final boolean signedApply;

  Policy(PolicyReader from) {
    this.gatewayNamespace = Objects.requireNonNull(from.gateway[0]);
    this.gatewayName = Objects.requireNonNull(from.gateway[1]);
    this.namespaces = List.copyOf(from.namespaces);
    this.core = List.copyOf(from.core);
    this.coreNamed = from.coreNamed;
    this.skipOutboundPorts = from.skipOutboundPorts;
    this.apiServerPort = from.apiServerPort;
    this.ingress = Objects.requireNonNull(from.ingress);
    this.ingressController = from.ingressController;
    this.ingressSnippet = from.ingressSnippet;
    this.ingressSkipInboundPorts = from.ingressSkipInboundPorts;
    this.serviceAnnotations = Map.copyOf(from.serviceAnnotations);
    this.parallel = from.parallel;
    this.budgetSeconds = from.budgetSeconds;
    this.patience = Objects.requireNonNull(from.patience);
    this.runLimit = Objects.requireNonNull(from.runLimit);
    this.gatewayUrl = Objects.requireNonNull(from.gatewayUrl);
    this.protect = Objects.requireNonNull(from.protect);
    this.callers = List.copyOf(from.callers);
    this.signedApply = from.signedApply;
  }

  /** Whether it is an HTTP or HTTPS URL without user, query and fragment. */
  static boolean isHttp(String value) {
    try {
      URI uri = new URI(value);
      return Set.of("http", "https").contains(String.valueOf(uri.getScheme()))
          && uri.getHost() != null
          && uri.getUserInfo() == null
          && uri.getQuery() == null
          && uri.getFragment() == null;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  /** What a run may do in front of the gateway. */
  public enum Ingress {
    /** Reports what is there, and the command for what is missing. */
    DETECT,
    /** Meshes the controller and sets the route. */
    APPLY,
    /** Reads nothing. */
    OFF
  }

  /** Whether others than the gateway may call functions, by Linkerd's accessPolicy. */
  public enum Protect {
    /** No policy is written. */
    OFF,
    /** Everybody may, and the proxies count who would be refused. */
    AUDIT,
    /** Nobody may. */
    ENFORCE
  }
}
