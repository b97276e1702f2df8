package com.openfaas.function.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.openfaas.function.cluster.Requests.Deadline;
import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.Kind;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PartialObjectMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Requests by path, above all those that grow with the platform: lists, watches and patches. The
 * client's own ask for whole, uncompressed lists and keep all of each object; here lists are paged
 * and compressed, only the fields in use are read, and only what is wanted of each item is kept.
 */
final class ObjectRequests {
  static final String NAMESPACES = "/api/v1/namespaces";

  private static final String MANAGER = "?fieldManager=mesh-setup";
  private static final ObjectMapper OBJECTS = FieldFilter.mapper();
  private static final ObjectMapper PODS = FieldFilter.podsMapper();

  /** Items are read one by one, so the page size limits only the API server's work. */
  private static final int PAGE = 1000;

  private static final int MOST_BEGINNINGS = 3;

  private final KubernetesClient client;
  private final Requests requests;

  ObjectRequests(KubernetesClient client, Requests requests) {
    this.client = client;
    this.requests = requests;
  }

  /** The same with another time limit. */
  ObjectRequests within(Supplier<Duration> remaining) {
    return new ObjectRequests(client, requests.within(remaining));
  }

  int count() {
    return requests.count();
  }

  /**
   * The path of a namespace's objects of a kind.
   *
   * @param label the key every object must carry, or null for all
   */
  static String path(Kind kind, String namespace, String label) {
    return collection(kind, namespace) + labelled(label);
  }

  static String podsPath(String namespace, String label) {
    return NAMESPACES + "/" + namespace + "/pods" + labelled(label);
  }

  private static String labelled(String label) {
    String selector = label == null ? "" : URLEncoder.encode(label, StandardCharsets.UTF_8);
    return "?labelSelector=" + selector;
  }

  private static String collection(Kind kind, String namespace) {
    String group = (kind.group.isEmpty() ? "/api/" : "/apis/") + kind.apiVersion();
    String within = kind == Kind.NAMESPACE ? "" : "/namespaces/" + namespace;
    return group + within + "/" + kind.resource;
  }

  /** The client's class for a kind of workload. */
  static Class<? extends HasMetadata> type(Kind workload) {
    return workload == Kind.DAEMON_SET ? DaemonSet.class : Deployment.class;
  }

  /**
   * Reads a list page by page. If the continue token has expired (410, after some minutes), it
   * lists again from the start.
   *
   * @param subject the objects' name in messages
   * @param path of the collection
   * @param wanted what to keep of each object
   */
  <T, V> Listed<V> list(String subject, String path, Class<T> type, Function<? super T, V> wanted)
      throws ClusterException {
    for (int beginnings = 1; ; beginnings++) {
      try {
        return pages(subject, path, new Listed.Pages<>(reader(type), wanted));
      } catch (ClusterException e) {
        if (!e.problem.is(Code.GONE) || beginnings == MOST_BEGINNINGS) {
          throw e;
        }
      }
    }
  }

  private <T, V> Listed<V> pages(String subject, String path, Listed.Pages<T, V> list)
      throws ClusterException {
    String limited = path + (path.contains("?") ? "&" : "?") + "limit=" + PAGE;
    String following = "";
    do {
      String next = limited + following;
      list.begin();
      requests.ask("list", subject, deadline -> exchange(next, deadline).read(list::read));
      following = list.following();
    } while (!following.isEmpty());
    return list.listed();
  }

  private Exchange exchange(String path, Deadline deadline) {
    HttpRequest.Builder request = request(path).header("Accept-Encoding", "gzip");
    return Exchange.begin(client.getHttpClient(), path, request, deadline);
  }

  /**
   * Watches from where a list ended; the watch returned has begun.
   *
   * @param path of the collection
   * @param from the resource version to watch from
   * @param wanted what the listener gets of each object
   */
  <T, V> Watch watch(
      String subject,
      String path,
      String from,
      Class<T> type,
      Function<? super T, V> wanted,
      ObjectWatch.Listener<V> listener)
      throws ClusterException {
    return requests.ask(
        "watch", subject, deadline -> begin(path, from, type, wanted, listener, deadline));
  }

  private <T, V> Watch begin(
      String path,
      String from,
      Class<T> type,
      Function<? super T, V> wanted,
      ObjectWatch.Listener<V> listener,
      Deadline deadline) {
    ObjectWatch<T, V> watch = new ObjectWatch<>(reader(type), wanted, listener);
    HttpRequest request = request(path + "&watch=true&resourceVersion=" + from).build();
    CompletableFuture<HttpResponse<AsyncBody>> begun =
        client.getHttpClient().consumeBytes(request, watch);
    try {
      HttpResponse<AsyncBody> answer = Exchange.await(begun, deadline);
      if (!answer.isSuccessful()) {
        answer.body().cancel();
        throw new KubernetesClientException(path, answer.code(), null);
      }
      watch.start(answer.body());
      return watch;
    } catch (IOException e) {
      throw new KubernetesClientException("the watch " + path + " did not begin", e);
    }
  }

  /** Gets one object; fails with {@code not_found} if there is none. */
  <T> T get(String subject, String path, Class<T> type) throws ClusterException {
    return requests.ask("get", subject, deadline -> answer(path, request(path), type, deadline));
  }

  /** Sends a merge patch and returns the patched object. */
  <T> T patch(Annotated object, String patch, Class<T> type) throws ClusterException {
    return write("patch", object, MANAGER, "application/merge-patch+json", patch, type);
  }

  /** Server-side apply of the whole object: takes over its fields from other managers. */
  void apply(Annotated object, String manifest) throws ClusterException {
    String query = MANAGER + "&force=true";
    Class<?> any = PartialObjectMetadata.class;
    write("patch", object, query, "application/apply-patch+yaml", manifest, any);
  }

  void delete(Annotated object) throws ClusterException {
    write("delete", object, "", "application/json", "{}", PartialObjectMetadata.class);
  }

  private <T> T write(
      String verb, Annotated object, String query, String media, String body, Class<T> type)
      throws ClusterException {
    String path = collection(object.kind, object.namespace) + "/" + object.name + query;
    String method = verb.toUpperCase(Locale.ROOT);
    return requests.ask(
        verb,
        object.subject(),
        deadline -> answer(path, request(path).method(method, media, body), type, deadline));
  }

  /** Creates an object and returns it as created. */
  <T extends HasMetadata> T create(String subject, String path, T object) throws ClusterException {
    return requests.ask("create", subject, deadline -> send("POST", path, object, deadline));
  }

  /** A dry-run create. No retry, because a failure is the answer. */
  <T extends HasMetadata> T dryRun(String subject, String path, T object) throws ClusterException {
    return requests.askOnce(
        "create (dry run)",
        subject,
        deadline -> send("POST", path + "?dryRun=All", object, deadline));
  }

  /** Replaces an object if it has not changed since it was read. */
  <T extends HasMetadata> T update(String subject, String path, T object) throws ClusterException {
    return requests.ask("update", subject, deadline -> send("PUT", path, object, deadline));
  }

  /** A list with all fields; only for short ones. */
  <L> L whole(String subject, String path, Class<L> type) throws ClusterException {
    return requests.ask(
        "list",
        subject,
        deadline ->
            exchange(path, deadline)
                .read(body -> client.getKubernetesSerialization().unmarshal(body, type)));
  }

  @SuppressWarnings("unchecked")
  private <T extends HasMetadata> T send(String verb, String path, T object, Deadline deadline) {
    String json = client.getKubernetesSerialization().asJson(object);
    HttpRequest.Builder request = request(path).method(verb, "application/json", json);
    return Exchange.begin(client.getHttpClient(), path, request, deadline)
        .read(body -> (T) client.getKubernetesSerialization().unmarshal(body, object.getClass()));
  }

  private <T> T answer(String path, HttpRequest.Builder request, Class<T> type, Deadline deadline) {
    Exchange exchange = Exchange.begin(client.getHttpClient(), path, request, deadline);
    // Building the reader takes a while the first time: it is done while the answer is on its way.
    ObjectReader reader = reader(type);
    return exchange.read(reader::readValue);
  }

  private static ObjectReader reader(Class<?> type) {
    boolean pods =
        Set.of(Pod.class, Deployment.class, DaemonSet.class, CronJob.class).contains(type);
    return (pods ? PODS : OBJECTS).readerFor(type);
  }

  private HttpRequest.Builder request(String path) {
    return client
        .getHttpClient()
        .newHttpRequestBuilder()
        .uri(client.getMasterUrl().toString().replaceFirst("/$", "") + path);
  }
}
