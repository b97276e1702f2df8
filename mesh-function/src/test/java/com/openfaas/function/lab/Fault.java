package com.openfaas.function.lab;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** What goes wrong with some requests to the API server, how often or for how long. */
public final class Fault {
  /** How a request fails. */
  enum Kind {
    ANSWER,
    DROP,
    DELAY,
    SILENCE,
    EXPIRE
  }

  final Kind kind;
  final int status;
  final Duration time;
  private final CountDownLatch ending = new CountDownLatch(1);
  private Predicate<ApiRequest> matches;
  private int timesLeft = Integer.MAX_VALUE;
  private Duration lasting;
  private long until = Long.MAX_VALUE;
  private int hits;
  private int spared;
  private boolean ended;

  private Fault(Kind kind, int status, Duration time, Predicate<ApiRequest> matches) {
    this.kind = kind;
    this.status = status;
    this.time = time;
    this.matches = matches;
  }

  /** The API server answers with a Status of its own, such as 401 or 500. */
  public static Fault answers(int status) {
    return new Fault(Kind.ANSWER, status, Duration.ZERO, request -> true);
  }

  /** The API server is busy and says when to come back, in whole seconds. */
  public static Fault tooManyRequests(Duration retryAfter) {
    return new Fault(Kind.ANSWER, 429, retryAfter, request -> true);
  }

  /** The connection ends without an answer; the request has not reached the API server. */
  public static Fault dropsTheConnection() {
    return new Fault(Kind.DROP, 0, Duration.ZERO, request -> true);
  }

  /**
   * The request is held back that long, or until this is ended, then goes its way, or meets another
   * fault.
   */
  public static Fault delays(Duration time) {
    return new Fault(Kind.DELAY, 0, time, request -> true);
  }

  /** A watch opens, and no event ever comes. */
  public static Fault silencesWatches() {
    return new Fault(Kind.SILENCE, 0, Duration.ZERO, ApiRequest::isWatch);
  }

  /** A watch opens, says 410 Gone, and ends. */
  public static Fault expiresWatches() {
    return new Fault(Kind.EXPIRE, 0, Duration.ZERO, ApiRequest::isWatch);
  }

  /** Only for these requests. */
  public Fault on(Predicate<ApiRequest> only) {
    matches = matches.and(only);
    return this;
  }

  /** Only so many times. */
  public Fault times(int times) {
    timesLeft = times;
    return this;
  }

  /** Only when so many that it would meet have gone their way. */
  public Fault after(int others) {
    spared = others;
    return this;
  }

  /** Only for so long after it is set up. */
  public Fault lasting(Duration lasting) {
    this.lasting = lasting;
    return this;
  }

  /** How many requests it has met. */
  public synchronized int hits() {
    return hits;
  }

  /** From now on it meets none, and holds none back. */
  public synchronized void end() {
    ended = true;
    ending.countDown();
  }

  /** As long as it delays a request. */
  void delay() throws InterruptedException {
    var unused = ending.await(time.toNanos(), TimeUnit.NANOSECONDS);
  }

  synchronized void begin() {
    if (lasting != null) {
      until = System.nanoTime() + lasting.toNanos();
    }
  }

  /** Whether this request meets it, which then counts. */
  synchronized boolean meets(ApiRequest request) {
    boolean over = lasting != null && System.nanoTime() - until >= 0;
    if (ended || over || timesLeft == 0 || !matches.test(request)) {
      return false;
    }
    if (spared > 0) {
      spared--;
      return false;
    }
    timesLeft--;
    hits++;
    return true;
  }
}
