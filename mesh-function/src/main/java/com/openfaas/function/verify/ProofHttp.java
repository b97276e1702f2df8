package com.openfaas.function.verify;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * GETs with limits of time and length. Its two threads resolve names and read the answers; bodies
 * that are slow to come hold none of them.
 */
final class ProofHttp {
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final int THREADS = 2;
  private static final Duration IDLE = Duration.ofSeconds(10);

  private HttpClient client;

  /** The time limit covers the whole exchange, body included. */
  int get(URI uri, Duration atMost, BoundedLines body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(uri).timeout(atMost).header("User-Agent", "mesh-setup").build();
    CompletableFuture<Integer> status =
        client().sendAsync(request, info -> body).thenApply(answer -> answer.statusCode());
    IOException late = new IOException("no complete answer within " + atMost.toMillis() + " ms");
    try {
      return status.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw late;
    } catch (ExecutionException e) {
      throw new IOException(reason(e.getCause()), e);
    } finally {
      body.stop(late);
    }
  }

  private static String reason(Throwable cause) {
    String name = cause.getClass().getSimpleName();
    return cause.getMessage() == null ? name : name + ", " + cause.getMessage();
  }

  /** Pods and gateway are reached directly, not through a proxy set in the environment. */
  private synchronized HttpClient client() {
    if (client == null) {
      client =
          HttpClient.newBuilder()
              .version(Version.HTTP_1_1)
              .followRedirects(Redirect.NEVER)
              .connectTimeout(CONNECT)
              .proxy(HttpClient.Builder.NO_PROXY)
              .executor(threads())
              .build();
    }
    return client;
  }

  /** Answers are read by few threads: by default there is one for each, and all take memory. */
  private static ExecutorService threads() {
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE.toMillis(),
            TimeUnit.MILLISECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "proof");
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }
}
