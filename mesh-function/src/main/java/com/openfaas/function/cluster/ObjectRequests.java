package com.openfaas.function.cluster;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.Kind;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ListMeta;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;

/**
 * What is asked for by its path, and above all what grows with the platform: lists, watches and
 * patches. The client's own ask for lists uncompressed, and read and keep all of each object; here
 * of each object only what is looked at is read, and of a list's items only what is wanted stays.
 */
final class ObjectRequests {
  static final String NAMESPACES = "/api/v1/namespaces";

  private static final String MANAGER = "?fieldManager=mesh-setup";
  private static final ObjectMapper OBJECTS = Narrowed.mapper();

  /** Until a watch has begun, tries included; what it tells has no end. */
  private static final int SECONDS_TO_BEGIN = 20;

  private final KubernetesClient client;

  ObjectRequests(KubernetesClient client) {
    this.client = client;
  }

  /**
   * The path of a namespace's objects of a kind.
   *
   * @param label the key every object must carry, or null for all
   */
  static String all(Kind kind, String namespace, String label) {
    return collection(kind, namespace) + labelled(label);
  }

  /** The client's class for a kind of workload. */
  static Class<? extends HasMetadata> type(Kind workload) {
    return workload == Kind.DAEMON_SET ? DaemonSet.class : Deployment.class;
  }

  static String pods(String namespace, String label) {
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

  /**
   * Reads a list.
   *
   * @param path of the collection
   * @param wanted what stays of each object
   * @throws KubernetesClientException as the client's own lists
   */
  <T, V> Listed<V> list(String path, Class<T> type, Function<? super T, V> wanted) {
    CompletableFuture<HttpResponse<byte[]>> answer =
        send(request(path).header("Accept-Encoding", "gzip"));
    // What the reader learns of a class takes a while the first time: as long as the answer does.
    ObjectReader reader = OBJECTS.readerFor(type);
    try (InputStream body = body(path, answer);
        JsonParser parser = OBJECTS.createParser(body)) {
      return read(parser, reader, wanted);
    } catch (IOException e) {
      throw new KubernetesClientException("the list " + path + " was not read whole", e);
    }
  }

  private static <T, V> Listed<V> read(
      JsonParser parser, ObjectReader reader, Function<? super T, V> wanted) throws IOException {
    ListMeta meta = new ListMeta();
    List<V> items = new ArrayList<>();
    parser.nextToken();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      parser.nextToken();
      if (field.equals("metadata")) {
        meta = OBJECTS.readValue(parser, ListMeta.class);
      } else if (field.equals("items") && parser.currentToken() == JsonToken.START_ARRAY) {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          T item = reader.readValue(parser);
          items.add(wanted.apply(item));
        }
      } else {
        parser.skipChildren();
      }
    }
    return new Listed<>(meta.getResourceVersion(), items);
  }

  /**
   * Follows what a list told; gives a watch that listens already.
   *
   * @param path of the collection
   * @param from the resource version after which changes are wanted
   * @param wanted what is told of each object
   * @throws KubernetesClientException as the client's own watches
   */
  <T, V> Watch watch(
      String path,
      String from,
      Class<T> type,
      Function<? super T, V> wanted,
      Watches.Listener<V> listener) {
    ObjectWatch<T, V> watch = new ObjectWatch<>(OBJECTS.readerFor(type), wanted, listener);
    HttpRequest request = request(path + "&watch=true&resourceVersion=" + from).build();
    CompletableFuture<HttpResponse<AsyncBody>> begun =
        client.getHttpClient().consumeBytes(request, watch);
    try {
      HttpResponse<AsyncBody> answer = await(begun.orTimeout(SECONDS_TO_BEGIN, TimeUnit.SECONDS));
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

  /**
   * Gets one object.
   *
   * @throws KubernetesClientException with the code 404 where there is none
   */
  <T> T get(String path, Class<T> type) {
    return answer(path, request(path), type);
  }

  /** Sends a merge patch, and gives what has become of the object. */
  <T> T patch(Annotated object, String patch, Class<T> type) {
    String path = collection(object.kind, object.namespace) + "/" + object.name + MANAGER;
    return answer(path, request(path).method("PATCH", "application/merge-patch+json", patch), type);
  }

  void createEvent(Event event) {
    String namespace = event.getMetadata().getNamespace();
    String path = "/apis/events.k8s.io/v1/namespaces/" + namespace + "/events";
    String json = client.getKubernetesSerialization().asJson(event);
    answer(path, request(path).method("POST", "application/json", json), ListMeta.class);
  }

  private <T> T answer(String path, HttpRequest.Builder request, Class<T> type) {
    CompletableFuture<HttpResponse<byte[]>> answer = send(request);
    ObjectReader reader = OBJECTS.readerFor(type);
    try (InputStream body = body(path, answer)) {
      return reader.readValue(body);
    } catch (IOException e) {
      throw new KubernetesClientException(path + " was not answered whole", e);
    }
  }

  private CompletableFuture<HttpResponse<byte[]>> send(HttpRequest.Builder request) {
    int millis = client.getConfiguration().getRequestTimeout();
    HttpRequest whole = request.timeout(millis, TimeUnit.MILLISECONDS).build();
    return client.getHttpClient().sendAsync(whole, byte[].class);
  }

  private HttpRequest.Builder request(String path) {
    return client
        .getHttpClient()
        .newHttpRequestBuilder()
        .uri(client.getMasterUrl().toString().replaceFirst("/$", "") + path);
  }

  private static InputStream body(String path, CompletableFuture<HttpResponse<byte[]>> answer)
      throws IOException {
    HttpResponse<byte[]> response = await(answer);
    InputStream body = new ByteArrayInputStream(response.body());
    boolean compressed = response.headers("Content-Encoding").contains("gzip");
    InputStream plain = compressed ? new GZIPInputStream(body, 1 << 16) : body;
    if (!response.isSuccessful()) {
      throw new KubernetesClientException(path, response.code(), status(plain));
    }
    return plain;
  }

  private static <A> A await(CompletableFuture<A> answer) throws IOException {
    try {
      return answer.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the API server answered");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException
          ? (IOException) e.getCause()
          : new IOException(e.getCause());
    }
  }

  /** Null where it is not the API server that answers: a proxy says what it likes. */
  private static Status status(InputStream body) {
    try {
      return OBJECTS.readValue(body, Status.class);
    } catch (IOException e) {
      return null;
    }
  }
}
