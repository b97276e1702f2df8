package com.openfaas.function.platform;

import com.openfaas.function.platform.ControlPlane.LinkerdConfig;
import com.openfaas.function.platform.PodView.Proxy;
import com.openfaas.function.platform.Selector.Expression;
import com.openfaas.function.platform.Workload.Role;
import com.openfaas.function.platform.Workload.Template;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Makes a workload, ordinary in everything that a test does not say. */
public final class Sample {
  /** When the plans of tests are made. */
  public static final Instant MOMENT = Instant.parse("2026-09-01T12:00:00Z");

  /** What Linkerd's chart registers its webhook with. */
  public static final Selector NAMESPACE_SELECTOR =
      new Selector(
          Map.of(),
          List.of(
              new Expression("config.linkerd.io/admission-webhooks", "NotIn", List.of("disabled")),
              new Expression(
                  "kubernetes.io/metadata.name", "NotIn", List.of("kube-system", "cert-manager"))));

  public static final Selector OBJECT_SELECTOR =
      new Selector(
          Map.of(),
          List.of(
              new Expression("linkerd.io/control-plane-component", "DoesNotExist", List.of()),
              new Expression("linkerd.io/cni-resource", "DoesNotExist", List.of())));

  public static final LinkerdConfig CONFIG =
      new LinkerdConfig(
          "edge-26.8.1",
          "cluster.local",
          ControlPlane.ProxyDefaults.OF_LINKERD,
          false,
          true,
          "aa11");

  private final Role role;
  private final String namespace;
  private final String name;
  private final Map<String, String> own = new HashMap<>();
  private final Map<String, String> template = new HashMap<>();
  private final List<PodView> pods = new ArrayList<>();
  private final Map<String, String> labels = new HashMap<>();
  private List<String> containers = List.of("main");
  private Kind kind = Kind.DEPLOYMENT;
  private String image = "";
  private Map<Integer, String> ports = Map.of();
  private String account = "";
  private boolean hostNetwork;
  private boolean automount = true;
  private boolean killsBeforeReady;
  private Workload.Rollout rollout;
  private String writer = Annotated.UNKNOWN;
  private String injectLabel;

  private Sample(Role role, String namespace, String name) {
    this.role = role;
    this.namespace = namespace;
    this.name = name;
  }

  public static Sample of(Role role, String namespace, String name) {
    return new Sample(role, namespace, name);
  }

  public static Sample function() {
    return of(Role.FUNCTION, "openfaas-fn", "figlet");
  }

  public static NamespaceView namespace(String name, String inject) {
    return new NamespaceView(
        name,
        Map.of("kubernetes.io/metadata.name", name),
        inject == null ? Map.of() : Map.of(Annotations.INJECT, inject),
        false);
  }

  /** A control plane, available and as its chart makes it. */
  public static ControlPlane plane(Reading<LinkerdConfig> config) {
    Map<String, Integer> available =
        ControlPlane.DEPLOYMENTS.stream().collect(Collectors.toMap(name -> name, name -> 1));
    return new ControlPlane(
        "linkerd",
        NAMESPACE_SELECTOR,
        OBJECT_SELECTOR,
        Reading.of(available),
        config,
        null,
        List.of());
  }

  public static PodView pod(String name, boolean ready, Proxy proxy) {
    return new PodView(name, Map.of(), Map.of(), phase(false, ready), proxy, "");
  }

  /** Made at {@link #MOMENT}. */
  public static PodView.Lifecycle phase(boolean leaving, boolean ready) {
    return new PodView.Lifecycle(leaving, ready, MOMENT);
  }

  /** A ready pod with a ready proxy of that version and trust root. */
  public static PodView proxied(String name, String version, String trustRoot) {
    return new PodView(
        name,
        Map.of(),
        Map.of(Annotations.PROXY_VERSION, version, Annotations.TRUST_ROOT, trustRoot),
        phase(false, true),
        Proxy.READY,
        "");
  }

  public Sample annotated(String key, String value) {
    if (value != null) {
      template.put(key, value);
    }
    return this;
  }

  public Sample ownAnnotation(String key, String value) {
    own.put(key, value);
    return this;
  }

  /** Put back at that time, from a try with the control plane's proxy. */
  public Sample failed(Instant at, String reason) {
    Map<String, String> restored = new HashMap<>(template);
    String mark = FailedMark.of(workload(), restored, CONFIG.proxyVersion, at, reason).toJson();
    return ownAnnotation(Annotations.FAILED, mark);
  }

  public Sample writtenBy(String lastWriter) {
    writer = lastWriter;
    return this;
  }

  /** With a label linkerd.io/inject on itself. */
  public Sample ownLabel(String value) {
    injectLabel = value;
    return this;
  }

  public Sample inject(String value) {
    return annotated(Annotations.INJECT, value);
  }

  public Sample labelled(String key, String value) {
    labels.put(key, value);
    return this;
  }

  public Sample containers(String... names) {
    containers = List.of(names);
    return this;
  }

  public Sample kind(Kind other) {
    kind = other;
    return this;
  }

  public Sample image(String reference) {
    image = reference;
    return this;
  }

  public Sample ports(Integer... numbers) {
    ports = Set.of(numbers).stream().collect(Collectors.toMap(port -> port, port -> ""));
    return this;
  }

  public Sample port(int number, String named) {
    ports = Map.of(number, named);
    return this;
  }

  public Sample account(String name) {
    account = name;
    return this;
  }

  public Sample hostNetwork() {
    hostNetwork = true;
    return this;
  }

  public Sample noAutomount() {
    automount = false;
    return this;
  }

  public Sample killsBeforeReady() {
    killsBeforeReady = true;
    return this;
  }

  public Sample rollout(Workload.Rollout other) {
    rollout = other;
    return this;
  }

  public Sample pods(PodView... views) {
    pods.addAll(List.of(views));
    return this;
  }

  /** As many ready pods without a proxy. */
  public Sample unmeshed(int count) {
    for (int i = 0; i < count; i++) {
      pods.add(pod(name + "-u" + i, true, Proxy.NONE));
    }
    return this;
  }

  /** As many ready pods with a proxy of the control plane's own version. */
  public Sample meshed(int count) {
    for (int i = 0; i < count; i++) {
      pods.add(proxied(name + "-m" + i, CONFIG.proxyVersion, CONFIG.trustRoot));
    }
    return this;
  }

  public Workload workload() {
    int wanted = (int) pods.stream().filter(PodView::isServing).count();
    Workload.Rollout settled =
        new Workload.Rollout(wanted, wanted, wanted, wanted, true, false, "");
    List<Template.Container> templates = new ArrayList<>();
    containers.forEach(each -> templates.add(new Template.Container(each, image, ports)));
    return new Workload(
        role,
        new Annotated(kind, namespace, name, own, writer, injectLabel, writer.equals("mesh-setup")),
        new Workload.Spec(
            new Selector(Map.of("app", name), List.of()),
            new Template(labels, template, hostNetwork, automount, account, templates, ""),
            killsBeforeReady),
        rollout == null ? settled : rollout,
        pods);
  }
}
