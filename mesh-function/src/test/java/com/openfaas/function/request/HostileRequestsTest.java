package com.openfaas.function.request;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.openfaas.function.Handler;
import com.openfaas.function.platform.Cases;
import com.openfaas.model.IRequest;
import com.openfaas.model.IResponse;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The table cases/requests.yaml, through the whole function: none of its requests reaches a run.
 */
class HostileRequestsTest {
  private static final Map<Integer, String> ALLOW = Map.of(405, "POST");

  static Stream<Named<JsonNode>> requests() {
    return StreamSupport.stream(Cases.yaml(Cases.file("requests.yaml")).spliterator(), false)
        .map(request -> Named.of(request.get("is").asText(), request));
  }

  @ParameterizedTest
  @MethodSource("requests")
  void isRefusedInPlainWords(JsonNode given) {
    IRequest request = request(given);
    IResponse answer =
        Assertions.assertTimeout(Duration.ofSeconds(2), () -> new Handler().Handle(request));
    assertThat(answer.getStatusCode())
        .as(answer.getBody())
        .isEqualTo(given.path("status").asInt(400));
    assertThat(answer.getBody())
        .contains(given.get("says").asText())
        .doesNotContainPattern("(?m)^\\s+at |Exception|JsonReader|com\\.(openfaas|google)|java\\.")
        .doesNotContainPattern("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}&&[^\\n]]");
    assertThat(answer.getContentType())
        .isEqualTo(
            answer.getBody().startsWith("{") ? Format.JSON.contentType : Format.TEXT.contentType);
    if (answer.getStatusCode() == 405) {
      assertThat(answer.getHeader("Allow")).contains(ALLOW.get(405));
    }
  }

  private static IRequest request(JsonNode given) {
    Sent sent =
        Sent.unmethodical()
            .query(given.path("query").asText())
            .body(
                given.path("before").asText()
                    + given.path("body").asText().repeat(given.path("times").asInt(1))
                    + given.path("after").asText());
    String method = given.path("method").asText("POST");
    if (!method.equals("none")) {
      sent.with("X-Http-Method", method.repeat(given.path("methodTimes").asInt(1)));
    }
    given.path("headers").properties().forEach(h -> sent.with(h.getKey(), h.getValue().asText()));
    return sent.request();
  }
}
