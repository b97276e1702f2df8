package com.openfaas.function.cluster;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;

/**
 * The API server's time, from the Date header of its answers. The lease's holder and a pod's age
 * must not depend on a node whose clock is wrong.
 */
public final class ServerClock implements Interceptor {
  private final Clock own;
  private volatile Duration ahead = Duration.ZERO;

  public ServerClock(Clock own) {
    this.own = own;
  }

  /** Accurate to about a second; our own time until the API server's first answer. */
  public Instant now() {
    return own.instant().plus(ahead);
  }

  @Override
  public void after(
      HttpRequest request,
      HttpResponse<?> response,
      AsyncBody.Consumer<List<ByteBuffer>> consumer) {
    List<String> date = response.headers("Date");
    if (date.isEmpty()) {
      return;
    }
    try {
      Instant told =
          ZonedDateTime.parse(date.get(0), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration difference = Duration.between(own.instant(), told);
      // The header has whole seconds: a smaller difference is none.
      ahead = difference.abs().toMillis() < 1_500 ? Duration.ZERO : difference;
    } catch (DateTimeException e) {
      // Not a date, from some proxy: the difference stays as it was.
      return;
    }
  }
}
