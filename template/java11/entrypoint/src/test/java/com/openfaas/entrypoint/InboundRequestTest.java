package com.openfaas.entrypoint;

import static com.openfaas.entrypoint.Responses.body;
import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.model.IRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the handler gets to see of a request. */
class InboundRequestTest {

  private final BlockingQueue<IRequest> seen = new LinkedBlockingQueue<>();
  private final RunningServer server =
      RunningServer.with(
          request -> {
            seen.add(request);
            return body("");
          });

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
  void carriesMethodAndBodyWhateverTheMethod(String method) throws Exception {
    server.send(method, "grüße, 世界");

    IRequest request = next();
    assertThat(request.getBody()).isEqualTo("grüße, 世界");
    assertThat(request.getHeader("X-Http-Method")).isEqualTo(method);
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-Http-Method", "x-http-method", "X-HTTP-METHOD"})
  void doesNotLetTheCallerNameTheMethod(String name) throws Exception {
    server.send(server.to("/").header(name, "POST").GET());

    IRequest request = next();
    assertThat(request.getHeader("x-http-method")).isEqualTo("GET");
    assertThat(request.getHeaders()).containsEntry("X-Http-Method", "GET");
    assertThat(request.getHeaders().keySet())
        .filteredOn("X-Http-Method"::equalsIgnoreCase)
        .containsExactly("X-Http-Method");
  }

  @Test
  void findsHeadersWithoutRegardToCase() throws Exception {
    server.send(server.to("/").header("X-Call-Id", "42").GET());

    IRequest request = next();
    assertThat(request.getHeader("X-Call-Id")).isEqualTo("42");
    assertThat(request.getHeader("x-call-id")).isEqualTo("42");
    assertThat(request.getHeaders()).containsEntry("X-CALL-ID", "42");
    assertThat(request.getHeader("X-Absent")).isNull();
    assertThat(request.getHeader(null)).isNull();
  }

  @Test
  void joinsSeveralValuesOfOneHeader() throws Exception {
    server.send(server.to("/").header("Accept", "text/html").header("Accept", "*/*;q=0.1").GET());

    assertThat(next().getHeader("accept")).isEqualTo("text/html, */*;q=0.1");
  }

  @Test
  void passesPathAndQueryOnAsTheyCame() throws Exception {
    server.get("/a%20b/c?x=%C3%A4&y=1+2");

    IRequest request = next();
    assertThat(request.getPathRaw()).isEqualTo("/a%20b/c");
    assertThat(request.getQueryRaw()).isEqualTo("x=%C3%A4&y=1+2");
    assertThat(request.getPath()).isEqualTo(Map.of("a%20b", "c"));
    assertThat(request.getQuery()).isEqualTo(Map.of("x", "ä", "y", "1 2"));
  }

  @Test
  void hasNoNullsWhereNothingWasSent() throws Exception {
    server.get("/");

    IRequest request = next();
    assertThat(request.getBody()).isEmpty();
    assertThat(request.getPathRaw()).isEqualTo("/");
    assertThat(request.getPath()).isEmpty();
    assertThat(request.getQueryRaw()).isEmpty();
    assertThat(request.getQuery()).isEmpty();
  }

  @Test
  void readsThePathAsPairs() throws Exception {
    server.get("/team/a/stage");

    assertThat(next().getPath()).isEqualTo(Map.of("team", "a", "stage", ""));
  }

  @Test
  void readsAChunkedBody() throws Exception {
    byte[] chunk = "chunked".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    server.send(
        server
            .to("/")
            .POST(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(chunk))));

    assertThat(next().getBody()).isEqualTo("chunked");
  }

  @Test
  void refusesAQueryThatIsNotUtf8() throws Exception {
    var answer = server.get("/?a=%FF");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/plain; charset=utf-8");
    assertThat(answer.body()).contains("cannot be decoded").contains("%FF");
    assertThat(seen).isEmpty();
  }

  @Test
  void refusesABrokenEscape() throws Exception {
    String answer = server.raw("GET /?a=%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 400 ");
    assertThat(seen).isEmpty();
  }

  private IRequest next() throws InterruptedException {
    return seen.poll(10, TimeUnit.SECONDS);
  }
}
