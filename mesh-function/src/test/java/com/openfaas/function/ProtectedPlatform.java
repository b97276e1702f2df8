package com.openfaas.function;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.Caller.Answer;
import com.openfaas.function.lab.FakeGateway;
import com.openfaas.function.lab.FakeProxies;
import com.openfaas.function.lab.FunctionPods;
import com.openfaas.function.lab.InboundPolicy;
import com.openfaas.function.lab.TestPlatform;
import com.openfaas.function.platform.Annotations;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A platform whose proxies judge by Linkerd's policy objects, and who calls its functions. */
final class ProtectedPlatform implements AutoCloseable {
  static final List<String> KINDS =
      List.of("AuthorizationPolicy", "MeshTLSAuthentication", "Server");

  /** More than the 6 s for which a call is waited: one that was late decides nothing alone. */
  private static final Duration WATCHED = Duration.ofSeconds(7);

  private static final Duration TWO_HOURS = Duration.ofHours(2);

  final TestPlatform platform;
  final FakeGateway gateway;
  final InboundPolicy policy;

  ProtectedPlatform(TestPlatform installed) {
    platform = installed.installWithLinkerd();
    platform.account().apply("rbac-protect.yml");
    gateway = FakeGateway.before(platform);
    policy = gateway.policy();
    gateway.awaitServing("env", "figlet", "nodeinfo", "mesh-setup");
  }

  Caller caller(String protect) {
    return caller(protect, Map.of());
  }

  Caller caller(String protect, Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("gateway_url", gateway.url().toString());
    settings.put("mesh_protect", protect);
    return new Caller(platform, settings, Clock.systemUTC(), WATCHED);
  }

  /** The status of a call past the gateway, by a caller without identity. */
  int stranger(String method, String function, String path) {
    gateway.awaitServing(function);
    Pod pod =
        FunctionPods.of(platform, function).stream()
            .filter(each -> each.getMetadata().getDeletionTimestamp() == null)
            .findFirst()
            .orElseThrow();
    return status(method, URI.create("http://" + pod.getStatus().getPodIP() + ":8080" + path), "");
  }

  /** The status of an invocation through the gateway, by a pod that the gateway has now. */
  int invoked(String function) {
    gateway.awaitServing();
    return status("POST", gateway.function(function), "");
  }

  private static int status(String method, URI uri, String as) {
    try {
      HttpURLConnection call = (HttpURLConnection) uri.toURL().openConnection(Proxy.NO_PROXY);
      call.setRequestMethod(method);
      call.setRequestProperty("User-Agent", "somebody");
      call.setReadTimeout(FakeProxies.LONGEST_MILLIS);
      if (!as.isEmpty()) {
        call.setRequestProperty(FakeProxies.AS, as);
      }
      return call.getResponseCode();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the Server of our name does; empty where there is none. */
  String access() {
    return access(platform.functions());
  }

  String access(String namespace) {
    return named("Server", namespace).map(ProtectedPlatform::access).findFirst().orElse("");
  }

  /** Whether it is there and says that nothing is proven of it yet. */
  boolean isUnproven() {
    return named("Server", platform.functions())
        .anyMatch(one -> one.getMetadata().getAnnotations().containsKey(Annotations.UNPROVEN));
  }

  private static String access(GenericKubernetesResource server) {
    return String.valueOf(server.<Map<String, Object>>get("spec").get("accessPolicy"));
  }

  /** Those of our objects that are there, by kind. */
  List<String> objects() {
    return objects(platform.functions());
  }

  List<String> objects(String namespace) {
    return KINDS.stream()
        .flatMap(kind -> named(kind, namespace))
        .map(object -> object.getKind())
        .collect(Collectors.toList());
  }

  Stream<GenericKubernetesResource> named(String kind, String namespace) {
    return platform
        .admin()
        .genericKubernetesResources(context(kind))
        .inNamespace(namespace)
        .list()
        .getItems()
        .stream()
        .filter(object -> object.getMetadata().getName().equals("mesh-setup"));
  }

  private static ResourceDefinitionContext context(String kind) {
    return new ResourceDefinitionContext.Builder()
        .withGroup("policy.linkerd.io")
        .withVersion(kind.equals("Server") ? "v1beta3" : "v1alpha1")
        .withKind(kind)
        .withPlural(kind.toLowerCase(Locale.ROOT).replaceAll("y$", "ie") + "s")
        .withNamespaced(true)
        .build();
  }

  /** As if our objects had been as they are, and the proxies had counted, for two hours. */
  void twoHoursLater() {
    gateway.proxies().age(TWO_HOURS);
    policy.age(platform.functions(), TWO_HOURS);
  }

  /** From audit, of which nobody knows a stranger, to enforce. */
  void enforced() {
    assertThat(caller("audit").apply().status).isEqualTo(200);
    restartFunctions();
    twoHoursLater();
    Answer answer = caller("enforce").apply();
    assertThat(access()).as(answer.body).isEqualTo("deny");
  }

  /** What somebody else applies in the functions' namespace. */
  void foreign(String yaml) {
    load(yaml)
        .forEach(object -> platform.admin().resource(object).forceConflicts().serverSideApply());
  }

  void deleteForeign(String yaml) {
    load(yaml).forEach(object -> platform.admin().resource(object).delete());
  }

  List<GenericKubernetesResource> load(String yaml) {
    String placed = yaml.replace("NS", platform.functions());
    return platform.admin().load(new ByteArrayInputStream(placed.getBytes(UTF_8))).items().stream()
        .map(object -> (GenericKubernetesResource) object)
        .collect(Collectors.toList());
  }

  /** New pods, whose proxies count anew. */
  void restartFunctions() {
    platform.admin().pods().inNamespace(platform.functions()).withLabel("faas_function").delete();
    platform.awaitSettled();
    gateway.awaitServing("env", "figlet", "nodeinfo", "mesh-setup");
  }

  @Override
  public void close() {
    gateway.close();
  }
}
