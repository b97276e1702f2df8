package com.openfaas.entrypoint;

import static com.openfaas.entrypoint.Responses.body;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyLimitTest {

  private final AtomicInteger calls = new AtomicInteger();

  @Test
  void takesABodyOfOneMebibyteAndNotAByteMore() throws Exception {
    try (RunningServer server = counting(Map.of())) {
      assertThat(server.send("POST", "x".repeat(1 << 20)).body()).isEqualTo("1048576");

      HttpResponse<String> answer = server.send("POST", "x".repeat((1 << 20) + 1));
      assertThat(answer.statusCode()).isEqualTo(413);
      assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/plain; charset=utf-8");
      assertThat(answer.body()).contains("longer than 1048576 bytes");
      assertThat(calls).hasValue(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "PUT", "PATCH", "DELETE"})
  void holdsForEveryMethod(String method) throws Exception {
    try (RunningServer server = counting(Map.of("http_max_body", "4"))) {
      assertThat(server.send(method, "1234").statusCode()).isEqualTo(200);
      assertThat(server.send(method, "12345").statusCode()).isEqualTo(413);
      assertThat(calls).hasValue(1);
    }
  }

  @Test
  void answersEvenThoughTheCallerIsStillSending() throws Exception {
    try (RunningServer server = counting(Map.of("http_max_body", "4"))) {
      List<byte[]> mebibytes = Collections.nCopies(32, new byte[1 << 20]);
      HttpResponse<String> answer =
          server.send(server.to("/").POST(BodyPublishers.ofByteArrays(mebibytes)));
      assertThat(answer.statusCode()).isEqualTo(413);

      assertThat(server.send("POST", "1234").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void reachesACallerThatSendsEverythingBeforeItReads() throws Exception {
    try (RunningServer server = counting(Map.of("http_max_body", "4"))) {
      int length = 16 << 20;
      String head = "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: " + length;

      assertThat(server.raw(head + "\r\n\r\n" + "x".repeat(length))).startsWith("HTTP/1.1 413 ");
    }
  }

  private RunningServer counting(Map<String, String> settings) {
    return RunningServer.with(
        request -> {
          calls.incrementAndGet();
          return body(Integer.toString(request.getBody().length()));
        },
        settings);
  }
}
