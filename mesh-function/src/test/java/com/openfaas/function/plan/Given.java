package com.openfaas.function.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.ControlPlane;
import com.openfaas.function.platform.Kind;
import com.openfaas.function.platform.NamespaceView;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.PodView.Proxy;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Reading;
import com.openfaas.function.platform.Sample;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.platform.Workload.Role;
import com.openfaas.function.platform.Workload.Rollout;
import com.openfaas.function.policy.Policy;
import com.openfaas.function.policy.PolicyReader;
import com.openfaas.function.policy.PolicyReader.PolicyException;
import com.openfaas.function.request.Action;
import com.openfaas.function.request.Invocation;
import com.openfaas.function.request.Invocation.Part;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The platform and the question of a case's given.yaml; see cases/plan/README.md. */
public final class Given {
  private static final String GATEWAY_NAMESPACE = "openfaas";

  private final JsonNode yaml;
  private final Map<String, NamespaceView> namespaces = new HashMap<>();
  private final List<NamespaceView> ofFunctions = new ArrayList<>();
  private final List<NamespaceView> others = new ArrayList<>();

  public Given(JsonNode yaml) {
    this.yaml = yaml;
    namespaces.put(GATEWAY_NAMESPACE, Sample.namespace(GATEWAY_NAMESPACE, null));
    yaml.path("namespaces").properties().forEach(ns -> namespace(ns.getKey(), ns.getValue()));
  }

  public Invocation invocation() {
    JsonNode ask = yaml.path("ask");
    Set<Part> only = EnumSet.noneOf(Part.class);
    texts(ask.path("only")).forEach(part -> only.add(Part.valueOf(part.toUpperCase(Locale.ROOT))));
    Action action = Action.valueOf(ask.path("action").asText("apply").toUpperCase(Locale.ROOT));
    return new Invocation(action, only, texts(ask.path("functions")), 50, null);
  }

  public Scope scope() {
    return new Scope(platform(), policy(), invocation());
  }

  /** The case's settings, as an operator would write them. */
  public Policy policy() {
    Map<String, String> settings = new HashMap<>();
    yaml.path("policy").properties().forEach(s -> settings.put(s.getKey(), s.getValue().asText()));
    return policy(settings);
  }

  public static Policy policy(Map<String, String> settings) {
    try {
      return PolicyReader.read(settings);
    } catch (PolicyException e) {
      throw new AssertionError(e);
    }
  }

  public Platform platform() {
    List<Workload> workloads = new ArrayList<>();
    yaml.path("workloads").forEach(workload -> workloads.add(workload(workload, Role.FUNCTION)));
    Reading<Workload> gateway =
        workloads.stream()
            .filter(workload -> workload.role == Role.GATEWAY)
            .findFirst()
            .map(Reading::of)
            .orElse(Reading.failed(problem("gateway_not_found", "deployment openfaas/gateway")));
    return new Platform(
        gateway,
        controlPlane(),
        yaml.has("nats")
            ? Reading.of(yaml.get("nats").asText())
            : Reading.failed(problem("nats_port_unknown", "deployment openfaas/gateway")),
        new Platform.Namespaces(namespaces.get(GATEWAY_NAMESPACE), ofFunctions, others),
        workloads,
        new GivenTraffic(yaml, workloads).traffic(),
        new Platform.ReadErrors(problems("missing"), problems("degraded")));
  }

  private List<Problem> problems(String key) {
    List<Problem> problems = new ArrayList<>();
    yaml.path(key)
        .properties()
        .forEach(p -> problems.add(problem(p.getKey(), p.getValue().asText())));
    return problems;
  }

  private Reading<ControlPlane> controlPlane() {
    JsonNode linkerd = yaml.path("linkerd");
    String word = linkerd.asText("up");
    if (word.equals("absent")) {
      return Reading.failed(problem("control_plane_not_found", "linkerd"));
    }
    Map<String, Integer> available = new HashMap<>();
    ControlPlane.DEPLOYMENTS.forEach(name -> available.put(name, linkerd.isObject() ? 0 : 1));
    linkerd
        .path("available")
        .properties()
        .forEach(d -> available.put(d.getKey(), d.getValue().asInt()));
    return Reading.of(
        new ControlPlane(
            "linkerd",
            Sample.NAMESPACE_SELECTOR,
            Sample.OBJECT_SELECTOR,
            word.equals("availability unread")
                ? Reading.failed(problem("forbidden", "deployments in linkerd"))
                : Reading.of(available),
            word.equals("config unread")
                ? Reading.failed(problem("forbidden", "configmap linkerd/linkerd-config"))
                : Reading.of(Sample.CONFIG),
            yaml.has("viz") ? yaml.get("viz").asBoolean() : null,
            GivenTraffic.certificates(yaml)));
  }

  private void namespace(String name, JsonNode given) {
    Map<String, String> annotations = new HashMap<>();
    put(annotations, Annotations.INJECT, given.path("inject"));
    put(annotations, Annotations.SKIP_OUTBOUND_PORTS, given.path("skip"));
    put(annotations, Annotations.PREVIOUS, given.path("previous"));
    put(annotations, Annotations.FAILED, given.path("failed"));
    put(annotations, Annotations.INBOUND_POLICY, given.path("inboundPolicy"));
    put(annotations, Annotations.SKIP_INBOUND_PORTS, given.path("skipInbound"));
    given.path("annotations").properties().forEach(a -> annotations.put(a.getKey(), text(a)));
    Map<String, String> labels = new HashMap<>(Map.of("kubernetes.io/metadata.name", name));
    given.path("labels").properties().forEach(l -> labels.put(l.getKey(), l.getValue().asText()));
    NamespaceView view =
        new NamespaceView(
            new GivenTraffic(yaml, List.of())
                .object(Kind.NAMESPACE, name, name, annotations, labels),
            labels,
            given.path("terminating").asBoolean());
    namespaces.put(name, view);
    if (given.path("ingress").asBoolean()) {
      others.add(view);
    } else if (!given.path("core").asBoolean()) {
      ofFunctions.add(view);
    }
  }

  static Workload workload(JsonNode given, Role usual) {
    Role role = Role.valueOf(given.path("role").asText(usual.name()).toUpperCase(Locale.ROOT));
    boolean ofGateway = role == Role.GATEWAY || role == Role.CORE;
    String namespace = given.path("in").asText(ofGateway ? GATEWAY_NAMESPACE : "openfaas-fn");
    Sample sample = Sample.of(role, namespace, given.get("name").asText());
    words(sample, given);
    if (given.has("writer")) {
      sample.writtenBy(given.get("writer").asText());
    }
    for (Kind kind : List.of(Kind.DAEMON_SET, Kind.STATEFUL_SET)) {
      if (given.path("kind").asText().equals(kind.toString())) {
        sample.kind(kind);
      }
    }
    sample.image(given.path("image").asText());
    if (given.has("port")) {
      sample.ports(given.get("port").asInt());
    }
    if (given.path("recreate").asBoolean()) {
      sample.killsBeforeReady();
    }
    if (given.path("hostNetwork").asBoolean()) {
      sample.hostNetwork();
    }
    pods(sample, given.get("name").asText(), given.path("pods"));
    return sample.workload();
  }

  /** Its labels and annotations, and those of its pod template. */
  private static void words(Sample sample, JsonNode given) {
    Map<String, String> template = new HashMap<>();
    put(template, Annotations.INJECT, given.path("inject"));
    put(template, Annotations.SKIP_OUTBOUND_PORTS, given.path("skip"));
    put(template, Annotations.RESTARTED_AT, given.path("restartedAt"));
    put(template, Annotations.SKIP_INBOUND_PORTS, given.path("skipInbound"));
    put(template, Annotations.INBOUND_POLICY, given.path("inboundPolicy"));
    put(template, Annotations.OPAQUE_PORTS, given.path("opaque"));
    template.forEach(sample::annotated);
    Map<String, String> own = new HashMap<>();
    put(own, Annotations.PREVIOUS, given.path("previous"));
    put(own, Annotations.SET_AT, given.path("setAt"));
    put(own, Annotations.FAILED, given.path("failed"));
    own.forEach(sample::ownAnnotation);
    given.path("own").properties().forEach(a -> sample.ownAnnotation(a.getKey(), text(a)));
    given.path("labels").properties().forEach(l -> sample.labelled(l.getKey(), text(l)));
    given.path("template").properties().forEach(a -> sample.annotated(a.getKey(), text(a)));
    given.path("ownLabel").properties().forEach(l -> sample.ownLabel(text(l)));
    JsonNode failed = given.path("failed");
    if (failed.has("at")) {
      sample.failed(Instant.parse(failed.get("at").asText()), failed.get("reason").asText());
    }
    if (given.has("containers")) {
      sample.containers(texts(given.get("containers")).toArray(String[]::new));
    }
  }

  private static void pods(Sample sample, String name, JsonNode pods) {
    sample.unmeshed(pods.path("unmeshed").asInt()).meshed(pods.path("meshed").asInt());
    for (int i = 0; i < pods.path("stale").asInt(); i++) {
      sample.pods(Sample.proxied(name + "-s" + i, "edge-25.1.1", pods.path("root").asText("aa11")));
    }
    if (pods.has("rolling")) {
      int wanted = pods.get("rolling").asInt();
      sample.pods(Sample.pod(name + "-r", false, Proxy.NOT_READY));
      String stuck = pods.path("stuck").asText();
      sample.rollout(
          new Rollout(wanted, wanted + 1, 1, wanted, true, false, stuck)
              .first(pods.path("first").asBoolean()));
    }
  }

  private static String text(Map.Entry<String, JsonNode> entry) {
    return entry.getValue().asText();
  }

  private static void put(Map<String, String> annotations, String key, JsonNode value) {
    if (value.isValueNode() && !value.isNull()) {
      annotations.put(key, value.asText());
    }
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  private static Problem problem(String code, String subject) {
    return new Problem(code, subject, "it is not so", "make it so");
  }
}
