package com.openfaas.entrypoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What this process logs while a test runs: its standard error, and the JDK server's warnings. */
final class StandardError extends Handler implements AutoCloseable {

  private final PrintStream before = System.err;
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final Logger jdk = Logger.getLogger("com.sun.net.httpserver");

  StandardError() {
    System.setErr(new PrintStream(written, true, UTF_8));
    jdk.addHandler(this);
  }

  String text() {
    return written.toString(UTF_8);
  }

  @Override
  public void publish(LogRecord record) {
    if (record.getLevel().intValue() >= Level.WARNING.intValue()) {
      System.err.println("JDK warning: " + record.getMessage());
    }
  }

  @Override
  public void flush() {
    System.err.flush();
  }

  @Override
  public void close() {
    jdk.removeHandler(this);
    System.setErr(before);
  }
}
