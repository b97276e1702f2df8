package com.openfaas.function.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** Sends bytes that no HTTP client would send, and reads the answer until the server hangs up. */
public final class Wire {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private Wire() {}

  /** The status is 0 where no answer came, and the body then says what came instead. */
  public static Reply send(URI server, byte[] request) {
    long began = System.nanoTime();
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    String end = "";
    try (Socket socket = new Socket(server.getHost(), server.getPort())) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket.getOutputStream().write(request);
      socket.getInputStream().transferTo(answer);
    } catch (IOException e) {
      end = e.toString();
    }
    return new Reply(answer.toString(UTF_8), end, (System.nanoTime() - began) / 1e6);
  }

  /** An answer, taken apart, and how long it took. */
  public static final class Reply {
    public final int status;
    public final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    public final String body;
    public final double millis;

    Reply(String whole, String end, double millis) {
      this.millis = millis;
      int headEnd = whole.indexOf("\r\n\r\n");
      if (!end.isEmpty() || headEnd < 0 || !whole.matches("(?s)HTTP/1\\.1 \\d{3} .*")) {
        this.status = 0;
        this.body = "no whole answer: \"" + whole + "\" " + end;
        return;
      }
      String[] head = whole.substring(0, headEnd).split("\r\n", -1);
      for (int i = 1; i < head.length; i++) {
        int colon = head[i].indexOf(':');
        headers.put(head[i].substring(0, colon), head[i].substring(colon + 1).trim());
      }
      this.status = Integer.parseInt(head[0].substring(9, 12));
      this.body = whole.substring(headEnd + 4);
    }
  }
}
