package com.openfaas.function.lab;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/**
 * Stands in for OpenFaaS' gateway with its Service: a server that carries calls exactly as far as
 * the pods of the API would.
 *
 * <p>Modelled: a call goes to one Ready gateway pod and lives no longer than it, for the gateway
 * ends at once on SIGTERM; without such a pod a call gets no answer. The gateway's headers, errors
 * and timeout; faas-netes' choice of a Ready pod of the function, a little behind the truth ({@link
 * Endpoints}); the function pods themselves, on their own addresses ({@link FunctionPods}).
 *
 * <p>Not modelled: the moment in which a Service still leads to a gateway that has just ended, and
 * connections kept alive, which would end with their pod as well; a function whose caller has gone
 * is not told so; asynchronous calls, authentication, scaling, the gateway's own metrics.
 */
public final class FakeGateway implements AutoCloseable {
  private static final Duration UPSTREAM_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration ENDPOINTS_DELAY = Duration.ofMillis(100);

  private final GatewayPods gateways = new GatewayPods();
  private final FakeProxies proxies;
  private final FunctionPods functions;
  private final Endpoints endpoints = new Endpoints(ENDPOINTS_DELAY);
  private final AtomicReference<RuntimeException> failure = new AtomicReference<>();
  private final ExecutorService workers = Executors.newCachedThreadPool();
  private final TestPlatform platform;
  private final FunctionProxy proxy;
  private final HttpServer server;
  private final SharedIndexInformer<Pod> gatewayInformer;
  private final SharedIndexInformer<Pod> functionInformer;

  private FakeGateway(TestPlatform platform, Duration upstreamTimeout) throws IOException {
    this.platform = platform;
    this.proxies = new FakeProxies(platform.linkerd().namespace());
    this.functions = new FunctionPods(proxies);
    this.proxy = new FunctionProxy(endpoints, platform.functions(), upstreamTimeout, proxies);
    this.gatewayInformer =
        platform
            .admin()
            .pods()
            .inNamespace(platform.openfaas())
            .withLabel("app", "gateway")
            .inform(new PodFeed(this::followGateway, this::gatewayGone, failure));
    this.functionInformer =
        platform
            .admin()
            .pods()
            .inAnyNamespace()
            .withLabel("faas_function")
            .inform(new PodFeed(this::followFunction, this::functionGone, failure));
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(workers);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Before a platform on which OpenFaaS is installed, with the gateway's timeout of 60 s. */
  public static FakeGateway before(TestPlatform platform) {
    return before(platform, UPSTREAM_TIMEOUT);
  }

  static FakeGateway before(TestPlatform platform, Duration upstreamTimeout) {
    Assumptions.assumeTrue(
        platform.cluster().name.equals("lab"), "only the lab's pods have addresses to answer on");
    try {
      return new FakeGateway(platform, upstreamTimeout);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where to invoke a function: its name, or its name and namespace with a dot between. */
  public URI function(String name) {
    return url().resolve("/function/" + name);
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
  }

  /** What the function pods do with a call. */
  public FunctionPods pods() {
    return functions;
  }

  /** What the proxies of its pods and of the function pods tell. */
  public FakeProxies proxies() {
    return proxies;
  }

  /** Behind its own API. */
  public void api(HttpHandler functions) {
    server.createContext("/system/functions", functions);
  }

  /** From now on the proxies judge what comes in by Linkerd's policy objects. */
  public InboundPolicy policy() {
    InboundPolicy policy = new InboundPolicy(platform.admin());
    proxies.judgeBy(policy);
    return policy;
  }

  /** What befalls calls from now on, between the gateway and the functions. */
  public void trouble(FunctionProxy.Trouble what) {
    proxy.trouble(what);
  }

  /** How many gateway pods could take a call now. */
  public int ready() {
    return gateways.ready();
  }

  /** How many calls were lost with the gateway pod that carried them. */
  public int cut() {
    return gateways.cut();
  }

  /** How many calls found no gateway pod. */
  public int refused() {
    return gateways.refused();
  }

  /** How many gateway pods that took calls have ended. */
  public int ended() {
    return gateways.ended();
  }

  /**
   * Until the gateway and these functions can take calls, by the very pods that are ready in the
   * API: none is missing, and none is gone without that this has heard of it. The names are without
   * namespace.
   */
  public FakeGateway awaitServing(String... names) {
    Awaitility.await("the gateway and " + Arrays.toString(names))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> isGatewayKnown() && Arrays.stream(names).allMatch(this::isKnown));
    return this;
  }

  private boolean isGatewayKnown() {
    return areServing(
        platform
            .admin()
            .pods()
            .inNamespace(platform.openfaas())
            .withLabel("app", "gateway")
            .list()
            .getItems(),
        gateways.pods());
  }

  private boolean isKnown(String function) {
    return areServing(
        FunctionPods.of(platform, function), endpoints.pods(platform.functions(), function));
  }

  private static boolean areServing(List<Pod> pods, Set<String> known) {
    Set<String> ready =
        pods.stream()
            .filter(Endpoints::isReady)
            .map(pod -> pod.getMetadata().getUid())
            .collect(Collectors.toSet());
    return !ready.isEmpty() && ready.equals(known);
  }

  private void handle(HttpExchange call) throws IOException {
    Optional<String> pod = gateways.take(call);
    if (pod.isEmpty()) {
      call.close();
      return;
    }
    try {
      FunctionProxy.Reply reply = proxy.call(pod.get(), call);
      if (gateways.finish(pod.get(), call)) {
        reply.send();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      gateways.finish(pod.get(), call);
    }
  }

  /** A call that a pod takes is counted by its proxy: that comes first. */
  private void followGateway(Pod pod) {
    proxies.follow(pod);
    gateways.follow(pod);
  }

  private void gatewayGone(Pod pod) {
    gateways.gone(pod.getMetadata().getUid());
    proxies.gone(pod.getMetadata().getUid());
  }

  private void followFunction(Pod pod) {
    if (isOurs(pod)) {
      proxies.follow(pod);
      functions.follow(pod);
      endpoints.follow(pod);
    }
  }

  private void functionGone(Pod pod) {
    functions.gone(pod.getMetadata().getUid());
    proxies.gone(pod.getMetadata().getUid());
    endpoints.gone(pod);
  }

  /** Other platforms may be on the cluster still, on their way out. */
  private boolean isOurs(Pod pod) {
    return pod.getMetadata().getNamespace().startsWith(platform.clusterScoped(""));
  }

  @Override
  public void close() {
    gatewayInformer.close();
    functionInformer.close();
    server.stop(0);
    workers.shutdownNow();
    functions.close();
    proxies.close();
    endpoints.close();
    if (failure.get() != null) {
      throw new IllegalStateException("the gateway lost track of the pods", failure.get());
    }
  }
}
