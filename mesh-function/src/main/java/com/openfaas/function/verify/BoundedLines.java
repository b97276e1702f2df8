package com.openfaas.function.verify;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.function.Consumer;

/** Reads a body line by line, up to a limit: it comes from a pod, which may send without end. */
final class BoundedLines implements BodySubscriber<Void> {
  private static final int LONGEST_LINE = 64 * 1024;

  private final CompletableFuture<Void> body = new CompletableFuture<>();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final Consumer<String> lines;
  private long left;
  private Subscription subscription;

  /**
   * A subscriber for one body.
   *
   * @param most bytes; one more fails the body, as a line of more than 64 KiB does
   */
  BoundedLines(long most, Consumer<String> lines) {
    this.left = most;
    this.lines = lines;
  }

  @Override
  public CompletionStage<Void> getBody() {
    return body;
  }

  @Override
  public synchronized void onSubscribe(Subscription given) {
    subscription = given;
    if (body.isDone()) {
      given.cancel();
    } else {
      given.request(Long.MAX_VALUE);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    for (ByteBuffer buffer : buffers) {
      left -= buffer.remaining();
      while (!body.isDone() && buffer.hasRemaining()) {
        take(buffer.get());
      }
    }
    if (isTooLong()) {
      stop(new IOException("the answer is too long"));
    }
  }

  /** Whether it was ended because it is longer than was permitted. */
  boolean isTooLong() {
    return left < 0 || line.size() > LONGEST_LINE;
  }

  @Override
  public void onError(Throwable cause) {
    body.completeExceptionally(cause);
  }

  @Override
  public void onComplete() {
    if (line.size() > 0) {
      end();
    }
    body.complete(null);
  }

  /** Ends the body early; no effect on a complete one. */
  synchronized void stop(IOException why) {
    if (body.completeExceptionally(why) && subscription != null) {
      subscription.cancel();
    }
  }

  private void take(byte one) {
    if (one == '\n') {
      end();
    } else {
      line.write(one);
    }
  }

  private void end() {
    lines.accept(line.toString(StandardCharsets.UTF_8));
    line.reset();
  }
}
