package com.openfaas.entrypoint;

import static com.openfaas.entrypoint.Responses.body;
import static com.openfaas.entrypoint.Responses.response;
import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.model.IHandler;
import com.openfaas.model.Response;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the caller gets to see of the handler's response. */
class AnswerTest {

  private final StandardError log = new StandardError();

  @AfterEach
  void giveStandardErrorBack() {
    log.close();
  }

  @Test
  void carriesStatusHeadersTypeAndBody() throws Exception {
    Response response = response(418, "tëa");
    response.setContentType("application/json");
    response.setHeader("X-Kind", "teapot");
    HttpResponse<String> answer = get(request -> response);

    assertThat(answer.statusCode()).isEqualTo(418);
    assertThat(answer.body()).isEqualTo("tëa");
    assertThat(answer.headers().allValues("Content-Type")).containsExactly("application/json");
    assertThat(answer.headers().firstValue("X-Kind")).hasValue("teapot");
    assertThat(answer.headers().allValues("Content-Length")).containsExactly("4");
    assertThat(log.text()).isEmpty();
  }

  @Test
  void isPlainTextUnlessTheHandlerSaysOtherwise() throws Exception {
    assertThat(get(request -> body("x")).headers().firstValue("Content-Type"))
        .hasValue("text/plain; charset=utf-8");

    Response typedByHeader = response(200, "<p>");
    typedByHeader.setHeader("content-type", "text/html");
    assertThat(get(request -> typedByHeader).headers().allValues("Content-Type"))
        .containsExactly("text/html");
  }

  @Test
  void hasTheLengthOfItsBodyWhateverTheHandlerSays() throws Exception {
    Response response = response(200, "four");
    response.setHeader("content-length", "4000");
    response.setHeader("Transfer-Encoding", "chunked");
    response.setHeader("X-Null", null);
    HttpResponse<String> answer = get(request -> response);

    assertThat(answer.body()).isEqualTo("four");
    assertThat(answer.headers().allValues("Content-Length")).containsExactly("4");
    assertThat(answer.headers().map()).doesNotContainKeys("transfer-encoding", "x-null");
    assertThat(get(request -> body("")).headers().allValues("Content-Length")).containsExactly("0");
  }

  @Test
  void toHeadIsTheHeadAlone() throws Exception {
    try (RunningServer server = RunningServer.with(request -> body("four"))) {
      String answer = server.raw("HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

      assertThat(answer).startsWith("HTTP/1.1 200 ").containsIgnoringCase("content-length: 4\r\n");
      assertThat(answer).endsWith("\r\n\r\n");
    }
    assertThat(log.text()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 304})
  void hasNoBodyWhereTheStatusForbidsOne(int status) throws Exception {
    Response response = response(status, "ignored");
    response.setHeader("Content-Length", "7");
    try (RunningServer server = RunningServer.with(request -> response)) {
      String answer = server.raw("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

      assertThat(answer).startsWith("HTTP/1.1 " + status).endsWith("\r\n\r\n");
      assertThat(answer).doesNotContainIgnoringCase("content-length");
    }
    assertThat(log.text()).isEmpty();
  }

  @Test
  void tellsOfAHandlerThatThrows() throws Exception {
    HttpResponse<String> answer =
        get(
            request -> {
              throw new IllegalStateException("the secret reason");
            });

    isFailure(answer);
    assertThat(log.text())
        .startsWith("Failed: GET /path (X-Call-Id 42): java.lang.IllegalStateException: the secret")
        .contains("at com.openfaas.entrypoint.AnswerTest")
        .doesNotContain("token");
  }

  @Test
  void printsOnlyPlainCharactersOfACallId() throws Exception {
    try (RunningServer server =
        RunningServer.with(
            request -> {
              throw new IllegalStateException("reason");
            })) {
      server.raw(
          "GET / HTTP/1.1\r\nHost: x\r\nX-Call-Id: a\u001b[31mred\r\nConnection: close\r\n\r\n");
    }
    assertThat(log.text()).startsWith("Failed: GET / (X-Call-Id a?[31mred): java.lang.Illegal");
  }

  @Test
  void tellsOfAnError() throws Exception {
    isFailure(
        get(
            request -> {
              throw new StackOverflowError();
            }));
    assertThat(log.text()).contains("StackOverflowError");
  }

  @Test
  void tellsOfAHandlerThatReturnsNothing() throws Exception {
    isFailure(get(request -> null));
    isFailure(get(request -> response(200, null)));
    assertThat(log.text()).contains("Handle returned null", "Handle returned a null body");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 101, 199, 600, 1000})
  void tellsOfAStatusThatIsNone(int status) throws Exception {
    isFailure(get(request -> response(status, "x")));
    assertThat(log.text()).contains("Handle returned the status " + status);
  }

  @Test
  void tellsOfAHeaderThatWouldSplitTheAnswer() throws Exception {
    Response response = response(200, "x");
    response.setHeader("X-Bad", "a\r\nSet-Cookie: b");
    HttpResponse<String> answer = get(request -> response);

    isFailure(answer);
    assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
  }

  @Test
  void writesNothingAboutCallsThatGoWell() throws Exception {
    get(request -> body("x"));
    try (RunningServer server = RunningServer.with(request -> response(500, "the handler's own"))) {
      assertThat(server.send("POST", "x").body()).isEqualTo("the handler's own");
    }
    assertThat(log.text()).isEmpty();
  }

  @Test
  void doesNotWaitForDelayedAcknowledgements() throws Exception {
    List<Long> micros = new ArrayList<>();
    try (RunningServer server = RunningServer.with(request -> body("x"))) {
      for (int i = 0; i < 31; i++) {
        long start = System.nanoTime();
        server.send(server.to("/").POST(BodyPublishers.ofString("x")));
        micros.add((System.nanoTime() - start) / 1000);
      }
    }
    Collections.sort(micros);
    // Each would wait for 40 ms: a machine that is busy with others delays some, but not all.
    assertThat(micros.get(0)).as("fastest in microseconds").isLessThan(40_000);
  }

  private static void isFailure(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/plain; charset=utf-8");
    assertThat(answer.body()).isEqualTo("The function failed; its log says why.\n");
  }

  private static HttpResponse<String> get(IHandler handler) throws Exception {
    try (RunningServer server = RunningServer.with(handler)) {
      return server.send(server.to("/path?token=1").header("X-Call-Id", "42").GET());
    }
  }
}
