package com.openfaas.function.cluster;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ListMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;

/**
 * Lists that may be long. The client asks for them uncompressed and holds all objects at once; here
 * the answer comes compressed, and of each object only what is wanted of it stays.
 */
final class ObjectLists {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Of the client and of these lists: what it learns of a class, which is slow, serves both. */
  static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization(JSON, false);

  static {
    // What a watch may tell of. Left to itself, the client loads every class of every model it has.
    List.of(Deployment.class, DaemonSet.class, Pod.class, Status.class)
        .forEach(SERIALIZATION::registerKubernetesResource);
  }

  private final KubernetesClient client;

  ObjectLists(KubernetesClient client) {
    this.client = client;
  }

  /**
   * Reads a list.
   *
   * @param path of the resource, as {@code /api/v1/namespaces/openfaas-fn/pods}
   * @param label the key every object must carry, or null for all
   * @param wanted what stays of each object
   * @throws KubernetesClientException as the client's own lists
   */
  <T, V> Listed<V> list(String path, String label, Class<T> type, Function<T, V> wanted) {
    String query =
        label == null ? "" : "?labelSelector=" + URLEncoder.encode(label, StandardCharsets.UTF_8);
    try (InputStream body = get(path + query);
        JsonParser parser = JSON.createParser(body)) {
      return read(parser, type, wanted);
    } catch (IOException e) {
      throw new KubernetesClientException("the list " + path + " was not read whole", e);
    }
  }

  private static <T, V> Listed<V> read(JsonParser parser, Class<T> type, Function<T, V> wanted)
      throws IOException {
    ListMeta meta = new ListMeta();
    List<V> items = new ArrayList<>();
    parser.nextToken();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      parser.nextToken();
      if (field.equals("metadata")) {
        meta = JSON.readValue(parser, ListMeta.class);
      } else if (field.equals("items") && parser.currentToken() == JsonToken.START_ARRAY) {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          items.add(wanted.apply(JSON.readValue(parser, type)));
        }
      } else {
        parser.skipChildren();
      }
    }
    return new Listed<>(meta.getResourceVersion(), items);
  }

  private InputStream get(String path) throws IOException {
    HttpClient http = client.getHttpClient();
    HttpRequest request =
        http.newHttpRequestBuilder()
            .uri(client.getMasterUrl().toString().replaceFirst("/$", "") + path)
            .header("Accept-Encoding", "gzip")
            .timeout(client.getConfiguration().getRequestTimeout(), TimeUnit.MILLISECONDS)
            .build();
    HttpResponse<byte[]> response = answer(http, request);
    InputStream body = new ByteArrayInputStream(response.body());
    boolean compressed = response.headers("Content-Encoding").contains("gzip");
    InputStream plain = compressed ? new GZIPInputStream(body, 1 << 16) : body;
    if (!response.isSuccessful()) {
      throw new KubernetesClientException(path, response.code(), status(plain));
    }
    return plain;
  }

  private static HttpResponse<byte[]> answer(HttpClient http, HttpRequest request)
      throws IOException {
    try {
      return http.sendAsync(request, byte[].class).get();
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
      return JSON.readValue(body, Status.class);
    } catch (IOException e) {
      return null;
    }
  }
}
