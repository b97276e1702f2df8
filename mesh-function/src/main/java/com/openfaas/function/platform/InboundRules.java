package com.openfaas.function.platform;

import com.openfaas.function.platform.InboundRules.Admission.Answer;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Linkerd's policy objects, as far as they decide on inbound calls: who is admitted to which pods
 * on which port (https://linkerd.io/2-edge/reference/authorization-policy/). If no Server selects
 * pods and port, the pods' default policy applies.
 */
public final class InboundRules {
  /**
   * The oldest Server is in force, of several with the same age the first by name; the others have
   * no effect (linkerd2 policy-controller/k8s/index/src/inbound/index.rs).
   */
  private static final Comparator<Server> FORCE =
      Comparator.comparing((Server server) -> server.created).thenComparing(server -> server.name);

  /** For a cluster without these resources. */
  public static final InboundRules ABSENT =
      new InboundRules(false, false, List.of(), List.of(), Map.of(), List.of());

  /** Whether the cluster has Servers: without them, {@code deny} admits nobody. */
  public final boolean installed;

  /** Whether its Servers have accessPolicy: those before 2.16 only refuse. */
  public final boolean audits;

  public final List<Server> servers;
  public final List<Authorization> authorizations;

  /** By a Server's subject, the route that decides on each request, as {@code httproute a/b}. */
  private final Map<String, String> routes;

  private final List<PolicyObject> named;

  /**
   * For a cluster with Servers.
   *
   * @param named the objects with mesh-setup's name
   */
  public InboundRules(
      List<Server> servers,
      List<Authorization> authorizations,
      Map<String, String> routes,
      boolean audits,
      List<PolicyObject> named) {
    this(true, audits, servers, authorizations, routes, named);
  }

  private InboundRules(
      boolean installed,
      boolean audits,
      List<Server> servers,
      List<Authorization> authorizations,
      Map<String, String> routes,
      List<PolicyObject> named) {
    this.installed = installed;
    this.audits = audits;
    this.named = List.copyOf(named);
    this.servers = servers.stream().sorted(FORCE).collect(Collectors.toUnmodifiableList());
    this.authorizations = List.copyOf(authorizations);
    this.routes = Map.copyOf(routes);
  }

  /** The object with our name of that kind in that namespace, or a placeholder if it is absent. */
  public PolicyObject named(Kind kind, String namespace) {
    return named.stream()
        .filter(one -> one.object.kind == kind && one.object.namespace.equals(namespace))
        .findFirst()
        .orElse(PolicyObject.absent(kind, namespace));
  }

  /** The route that decides on each request of the Server, as {@code httproute a/b}, or null. */
  public String routeOf(Server server) {
    return routes.get(server.subject());
  }

  /** The Servers that select the workload's pods and the port; the first is in force. */
  public List<Server> serversOf(Workload called, int port) {
    return servers.stream()
        .filter(server -> server.selects(called, port))
        .collect(Collectors.toList());
  }

  /**
   * Whether the caller is admitted to the workload's pods on the port.
   *
   * @param otherwise the default policy of those pods, as Linkerd names it
   */
  public Admission admits(Caller caller, Workload called, int port, String otherwise) {
    List<Server> selecting = serversOf(called, port);
    if (selecting.isEmpty()) {
      return new Admission(
          admitsByWord(otherwise, caller) ? Answer.ADMITTED : Answer.REFUSED,
          Annotations.INBOUND_POLICY + ": " + otherwise);
    }
    Server server = selecting.get(0);
    Admission decided = decided(server, caller);
    String route = routeOf(server);
    return decided.is(Answer.ADMITTED) && route != null
        ? new Admission(Answer.UNCERTAIN, decided.by + ", request by request: " + route)
        : decided;
  }

  private Admission decided(Server server, Caller caller) {
    if (admitsByWord(server.accessPolicy, caller)) {
      return new Admission(
          Answer.ADMITTED, server.subject() + ", accessPolicy: " + server.accessPolicy);
    }
    String doubt = "";
    String fault = "";
    for (Authorization authorization : authorizations) {
      if (authorization.isFor(server) && authorization.clients.admit(caller)) {
        if (authorization.doubt.isEmpty()) {
          return new Admission(Answer.ADMITTED, authorization.subject);
        }
        doubt = authorization.subject + ", " + authorization.doubt;
      } else if (authorization.isFor(server) && !authorization.doubt.isEmpty()) {
        fault = "; " + authorization.subject + ", " + authorization.doubt;
      }
    }
    return doubt.isEmpty()
        ? new Admission(Answer.REFUSED, server.subject() + fault)
        : new Admission(Answer.UNCERTAIN, doubt);
  }

  /** By the values of {@code default-inbound-policy}, which {@code accessPolicy} shares. */
  private static boolean admitsByWord(String word, Caller caller) {
    boolean asksForIdentity = word.endsWith("-authenticated");
    return !word.equals("deny") && (!asksForIdentity || caller.identity != null);
  }

  /** A client of the mesh, or of none. */
  public static final class Caller {
    final Identity identity;
    final List<String> addresses;

    /**
     * A caller.
     *
     * @param identity null if it is not on the mesh
     * @param addresses of its pods
     */
    public Caller(Identity identity, List<String> addresses) {
      this.identity = identity;
      this.addresses = List.copyOf(addresses);
    }
  }

  /** A Server: a port of pods, open to the clients that an authorization admits. */
  public static final class Server {
    public final String namespace;
    public final String name;
    public final Map<String, String> labels;
    private final Instant created;
    private final Selector pods;
    private final String port;
    private final String accessPolicy;

    /**
     * A Server that selects pods.
     *
     * @param port a number, or the name of a container's port
     * @param accessPolicy the clients it admits without an authorization
     */
    public Server(
        String namespace,
        String name,
        Map<String, String> labels,
        Instant created,
        Selector pods,
        String port,
        String accessPolicy) {
      this.namespace = Objects.requireNonNull(namespace);
      this.name = Objects.requireNonNull(name);
      this.labels = Map.copyOf(labels);
      this.created = Objects.requireNonNull(created);
      this.pods = Objects.requireNonNull(pods);
      this.port = Objects.requireNonNull(port);
      this.accessPolicy = Objects.requireNonNull(accessPolicy);
    }

    /** {@code server namespace/name}. */
    public String subject() {
      return "server " + namespace + "/" + name;
    }

    /** Matches the template's labels, or those of one of its pods, which may have more. */
    boolean selects(Workload called, int of) {
      return namespace.equals(called.namespace)
          && (pods.matches(called.template.labels)
              || called.pods.stream().anyMatch(pod -> !pod.leaving && pods.matches(pod.labels)))
          && (port.equals(String.valueOf(of)) || called.template.isNamed(of, port));
    }
  }

  /** Whether a caller is admitted, and what decides that. */
  public static final class Admission {
    public final Answer answer;

    /** The object or setting that decides, with the reason if it matters. */
    public final String by;

    Admission(Answer answer, String by) {
      this.answer = Objects.requireNonNull(answer);
      this.by = Objects.requireNonNull(by);
    }

    public boolean is(Answer other) {
      return answer == other;
    }

    /** The result. */
    public enum Answer {
      ADMITTED,
      REFUSED,
      /** It depends on what was not read, or on the request. */
      UNCERTAIN
    }
  }

  /**
   * A policy object of Linkerd's with the name that mesh-setup uses, or a placeholder for an absent
   * one. Its spec is kept with its annotations, under {@link #SPEC}, as JSON with sorted keys: it
   * is set, compared and removed like one of them.
   */
  public static final class PolicyObject {
    /** The name of each namespace's Server, MeshTLSAuthentication and AuthorizationPolicy. */
    public static final String NAME = "mesh-setup";

    public static final String SPEC = "spec";
    public static final String LABEL = "app.kubernetes.io/managed-by";

    public final Annotated object;

    /** Whether mesh-setup created it: the label alone proves nothing. */
    public final boolean isOurs;

    /** The time of the last write by anyone; null if it is absent. */
    public final Instant changed;

    public PolicyObject(Annotated object, boolean isOurs, Instant changed) {
      this.object = Objects.requireNonNull(object);
      this.isOurs = isOurs;
      this.changed = changed;
    }

    static PolicyObject absent(Kind kind, String namespace) {
      Annotated nothing = new Annotated(kind, namespace, NAME, Map.of());
      return new PolicyObject(nothing, false, null);
    }

    public boolean isThere() {
      return changed != null;
    }

    /** Its spec; null if it is absent. */
    public String spec() {
      return object.annotations.get(SPEC);
    }

    /** Whether somebody else created it, or seems to have. */
    public boolean isForeign() {
      return isThere() && !isOurs;
    }
  }
}
