package com.openfaas.function.platform;

import com.openfaas.function.platform.InboundRules.Admission.Answer;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Linkerd's policy objects, as far as they decide on incoming calls: who is admitted to which pods
 * on which port (https://linkerd.io/2-edge/reference/authorization-policy/). Where no Server
 * selects pods and port, the pods' default policy holds.
 */
public final class InboundRules {
  /**
   * The Server that was made first is in force, of the same age the first by name; the others have
   * no effect (linkerd2 policy-controller/k8s/index/src/inbound/index.rs).
   */
  private static final Comparator<Server> FORCE =
      Comparator.comparing((Server server) -> server.created).thenComparing(server -> server.name);

  /** Of a cluster that does not know such objects. */
  public static final InboundRules ABSENT =
      new InboundRules(List.of(), List.of(), Map.of(), new Known(false, false, List.of()));

  /** Whether the cluster knows Servers: without them {@code deny} lets nobody in. */
  public final boolean installed;

  /** Whether its Servers have accessPolicy: those of releases before 2.16 only refuse. */
  public final boolean audits;

  public final List<Server> servers;
  public final List<Authorization> authorizations;

  /** By a Server's subject, what judges its requests one by one, as {@code httproute a/b}. */
  private final Map<String, String> routes;

  private final List<PolicyObject> named;

  public InboundRules(
      List<Server> servers, List<Authorization> authorizations, Map<String, String> routes) {
    this(servers, authorizations, routes, new Known(true, true, List.of()));
  }

  public InboundRules(
      List<Server> servers,
      List<Authorization> authorizations,
      Map<String, String> routes,
      Known known) {
    this.installed = known.installed;
    this.audits = known.audits;
    this.named = known.named;
    this.servers = servers.stream().sorted(FORCE).collect(Collectors.toUnmodifiableList());
    this.authorizations = List.copyOf(authorizations);
    this.routes = Map.copyOf(routes);
  }

  /** What has our name, of that kind in that namespace, or the place of it. */
  public PolicyObject named(Kind kind, String namespace) {
    return named.stream()
        .filter(one -> one.object.kind == kind && one.object.namespace.equals(namespace))
        .findFirst()
        .orElse(PolicyObject.absent(kind, namespace));
  }

  /** What judges the Server's requests one by one, as {@code httproute a/b}; null: nothing. */
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
   * Whether the caller gets in to the workload's pods on the port.
   *
   * @param otherwise the default policy of those pods, in Linkerd's word for it
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

  /** By the words of {@code default-inbound-policy}, which {@code accessPolicy} shares. */
  private static boolean admitsByWord(String word, Caller caller) {
    boolean asksForIdentity = word.endsWith("-authenticated");
    return !word.equals("deny") && (!asksForIdentity || caller.identity != null);
  }

  /** Somebody who calls. */
  public static final class Caller {
    final Identity identity;
    final List<String> addresses;

    /**
     * A caller.
     *
     * @param identity null: without the mesh
     * @param addresses of its pods
     */
    public Caller(Identity identity, List<String> addresses) {
      this.identity = identity;
      this.addresses = List.copyOf(addresses);
    }
  }

  /** A Server: a port of pods, which lets in whom an authorization admits. */
  public static final class Server {
    public final String namespace;
    public final String name;
    public final Map<String, String> labels;
    private final Instant created;
    private final Selector pods;
    private final String port;
    private final String accessPolicy;

    /**
     * One that selects pods.
     *
     * @param port a number, or the name of a container's port
     * @param accessPolicy whom it lets in beside those
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

    /** By the template's labels, or by what one of its pods has beside those. */
    boolean selects(Workload called, int of) {
      return namespace.equals(called.namespace)
          && (pods.matches(called.template.labels)
              || called.pods.stream().anyMatch(pod -> !pod.leaving && pods.matches(pod.labels)))
          && (port.equals(String.valueOf(of)) || called.template.isNamed(of, port));
    }
  }

  /** What the cluster knows of such objects, and which of them have mesh-setup's name. */
  public static final class Known {
    private final boolean installed;
    private final boolean audits;
    private final List<PolicyObject> named;

    public Known(boolean installed, boolean audits, List<PolicyObject> named) {
      this.installed = installed;
      this.audits = audits;
      this.named = List.copyOf(named);
    }
  }

  /** Whether a caller is let in, and what decides that. */
  public static final class Admission {
    public final Answer answer;

    /** The object or the setting that decides, and where it matters why. */
    public final String by;

    Admission(Answer answer, String by) {
      this.answer = Objects.requireNonNull(answer);
      this.by = Objects.requireNonNull(by);
    }

    public boolean is(Answer other) {
      return answer == other;
    }

    /** What came of judging. */
    public enum Answer {
      ADMITTED,
      REFUSED,
      /** It hangs on what was not read, or on the request. */
      UNCERTAIN
    }
  }
}
