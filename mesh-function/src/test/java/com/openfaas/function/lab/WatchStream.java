package com.openfaas.function.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;

/** One watch's events on their way to the client, an event at a time. */
final class WatchStream {
  private static final String GONE =
      "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},"
          + "\"status\":\"Failure\",\"message\":\"too old resource version: 1 (2)\","
          + "\"reason\":\"Expired\",\"code\":410}}\n";
  private static final int LAST_TEXT_FRAME = 0x81;
  private static final int TWO_BYTES_OF_LENGTH = 126;
  private static final byte[] NORMAL_CLOSURE = {(byte) 0x88, 2, 0x03, (byte) 0xe8};

  final ApiRequest request;
  private final OutputStream client;
  private final Closeable upstream;
  private boolean silent;
  private boolean expired;

  /**
   * @param upstream what to close when nothing more is wanted from the API server
   */
  WatchStream(ApiRequest request, OutputStream client, Closeable upstream) {
    this.request = request;
    this.client = client;
    this.upstream = upstream;
  }

  synchronized void pass(byte[] event) throws IOException {
    if (!silent && !expired) {
      client.write(event);
      client.flush();
    }
  }

  /** Nothing more comes, and nobody says so. */
  synchronized void silence() {
    silent = true;
  }

  synchronized boolean isSilent() {
    return silent;
  }

  /** Says 410 Gone and ends, as the API server does when it has forgotten the wanted changes. */
  synchronized void expire() throws IOException {
    if (expired) {
      return;
    }
    client.write(request.webSocket ? goneFrames() : goneChunks());
    client.flush();
    expired = true;
    // A client that speaks WebSocket answers the closure, and the API server then ends it itself.
    if (!request.webSocket) {
      upstream.close();
    }
  }

  synchronized boolean isExpired() {
    return expired;
  }

  private static byte[] goneFrames() throws IOException {
    byte[] event = GONE.getBytes(UTF_8);
    ByteArrayOutputStream frames = new ByteArrayOutputStream();
    frames.write(LAST_TEXT_FRAME);
    frames.write(TWO_BYTES_OF_LENGTH);
    frames.write(event.length >> 8);
    frames.write(event.length & 0xff);
    frames.write(event);
    frames.write(NORMAL_CLOSURE);
    return frames.toByteArray();
  }

  private static byte[] goneChunks() {
    byte[] event = GONE.getBytes(UTF_8);
    return (Integer.toHexString(event.length) + "\r\n" + GONE + "\r\n0\r\n\r\n").getBytes(UTF_8);
  }
}
