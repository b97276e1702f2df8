package com.openfaas.function.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A process that is stopped (SIGSTOP), all the time or most of it. It runs on when this is closed,
 * and also when this JVM ends before that.
 */
public final class PausedProcess implements AutoCloseable {
  /** Its standard input is open as long as this is, so that it reads in place of sleeping. */
  private static final String LOOP =
      "while :; do kill -STOP $0; printf .; read -r -t $1; left=$?; kill -CONT $0;"
          + " ((left > 128)) || exit 0; read -r -t $2; (($? > 128)) || exit 0; done";

  private final Process loop;

  private PausedProcess(Process loop) {
    this.loop = loop;
  }

  /** Stopped until this is closed. */
  public static PausedProcess stopped(long pid) {
    return of(pid, Duration.ofHours(1), Duration.ZERO);
  }

  /** Lets it run for so many milliseconds of each hundred. */
  public static PausedProcess running(long pid, int percent) {
    return of(pid, Duration.ofMillis(100 - percent), Duration.ofMillis(percent));
  }

  private static PausedProcess of(long pid, Duration pause, Duration run) {
    try {
      Process loop =
          new ProcessBuilder("bash", "-c", LOOP, String.valueOf(pid), seconds(pause), seconds(run))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      if (loop.getInputStream().read() != '.') {
        throw new IllegalStateException("process " + pid + " could not be stopped");
      }
      return new PausedProcess(loop);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * How often it has been stopped since this was last asked: a measure of time in which a machine
   * that is busy with others does not count.
   */
  public int pauses() {
    try {
      return loop.getInputStream().readNBytes(loop.getInputStream().available()).length;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String seconds(Duration time) {
    return String.valueOf(time.toMillis() / 1000.0);
  }

  @Override
  public void close() {
    try {
      loop.getOutputStream().close();
      if (!loop.waitFor(2, TimeUnit.MINUTES)) {
        throw new IllegalStateException("process " + loop.pid() + " did not end");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
