package com.openfaas.function.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.openfaas.function.cluster.Requests.Deadline;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPInputStream;

/**
 * One request in flight and its answer. The body is streamed, since a list may exceed our memory.
 * It always ends by its deadline.
 */
final class Exchange {
  private static final ObjectMapper STATUS = FieldFilter.mapper();

  private final String path;
  private final Deadline deadline;
  private final CompletableFuture<HttpResponse<InputStream>> answer;

  private Exchange(
      String path, Deadline deadline, CompletableFuture<HttpResponse<InputStream>> answer) {
    this.path = path;
    this.deadline = deadline;
    this.answer = answer;
  }

  static Exchange begin(
      HttpClient client, String path, HttpRequest.Builder request, Deadline deadline) {
    long millis = Math.max(1, deadline.left().toMillis());
    HttpRequest whole = request.timeout(millis, TimeUnit.MILLISECONDS).build();
    return new Exchange(path, deadline, client.sendAsync(whole, InputStream.class));
  }

  /**
   * Reads the answer's body.
   *
   * @throws KubernetesClientException on every failure, as the client's own requests do
   */
  <V> V read(Body<V> wanted) {
    try {
      HttpResponse<InputStream> response = await(answer, deadline);
      InputStream body = response.body();
      CompletableFuture<Void> late = new CompletableFuture<>();
      CompletableFuture<Void> closing = late.thenRun(() -> close(body));
      try {
        long millis = Math.max(1, deadline.left().toMillis());
        var unused = late.completeOnTimeout(null, millis, TimeUnit.MILLISECONDS);
        return read(response, wanted);
      } catch (IOException e) {
        throw late.isDone() ? deadline.late() : e;
      } finally {
        late.cancel(false);
        closing.cancel(false);
        body.close();
      }
    } catch (IOException e) {
      throw new KubernetesClientException(path + " got an incomplete answer", e);
    }
  }

  private <V> V read(HttpResponse<InputStream> response, Body<V> wanted) throws IOException {
    InputStream body = response.body();
    boolean compressed = response.headers("Content-Encoding").contains("gzip");
    InputStream plain = compressed ? new GZIPInputStream(body, 1 << 16) : body;
    if (!response.isSuccessful()) {
      throw new KubernetesClientException(path, response.code(), status(plain));
    }
    V value = wanted.read(new Unclosed(plain));
    // Only a connection whose answer was read to its end can be reused.
    body.transferTo(OutputStream.nullOutputStream());
    return value;
  }

  /** Waits until the deadline at most; the client itself retries nothing. */
  static <A> A await(CompletableFuture<A> answer, Deadline deadline) throws IOException {
    try {
      return answer.get(Math.max(1, deadline.left().toMillis()), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the API server answered");
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw deadline.late();
    } catch (ExecutionException e) {
      if (deadline.left().toMillis() <= 0) {
        throw deadline.late();
      }
      throw e.getCause() instanceof IOException
          ? (IOException) e.getCause()
          : new IOException(e.getCause());
    }
  }

  private static void close(InputStream body) {
    try {
      body.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Null if the answer is not from the API server: a proxy may answer anything. */
  private static Status status(InputStream body) {
    try {
      return STATUS.readValue(body, Status.class);
    } catch (IOException e) {
      return null;
    }
  }

  /** Parsers close their input, but bytes may be left to read. */
  private static final class Unclosed extends FilterInputStream {
    Unclosed(InputStream in) {
      super(in);
    }

    @Override
    public void close() {
      // left to the exchange
    }
  }

  /** Converts a body. */
  interface Body<V> {
    V read(InputStream body) throws IOException;
  }
}
