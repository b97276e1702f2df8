package com.openfaas.function.request;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.request.Answering.Format;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The form of the answer, for the callers there are and for odd ones. */
class AcceptTest {
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "faas-cli, cron-connector | none | JSON | TEXT",
        "OpenFaaS UI | application/json, text/plain, */* | JSON | TEXT",
        "curl | */* | JSON | JSON",
        "a script that wants JSON | application/json | JSON | JSON",
        "Firefox | text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8 | HTML | HTML",
        "Chrome | text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,"
            + "image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7 | HTML | HTML",
        "curl -H Accept: text/plain | text/plain | TEXT | TEXT",
        "wget | */* | JSON | JSON",
        "HTTPie --json | application/json, */*;q=0.5 | JSON | JSON",
        "Java HttpURLConnection | text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2 | JSON |"
            + " JSON",
      })
  void theRealHeadersOfCallers(String caller, String accept, Format success, Format failure) {
    assertAnswered(accept, success, failure);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "application/json;q=0.5, text/html;q=0.9 | HTML | HTML",
        "application/json;q=0.9, text/html;q=0.5 | JSON | JSON",
        "text/html;q=0.5, text/plain | TEXT | TEXT",
        "text/plain;q=0.5, application/json;q=0.5 | JSON | TEXT",
        "text/* | HTML | HTML",
        "application/* | JSON | JSON",
        "APPLICATION/JSON | JSON | JSON",
        "application/json;charset=utf-8;q=0.1, text/plain | TEXT | TEXT",
        "application/json;q=0, */* | HTML | HTML",
        "text/html;q=0 | JSON | JSON",
        "application/json;q=0 | JSON | JSON",
        "image/png | JSON | JSON",
        "application/json; q=nonsense | JSON | JSON",
      })
  @DisplayName(
      "the more specific range wins, then the quality; a failure is answered as success is")
  void qualitiesDecide(String accept, Format success, Format failure) {
    assertAnswered(accept, success, failure);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", ",", ";", ",,;;,", ";q=1", "q", "/", "a/b/c;;;q=", "\u0000"})
  void aHeaderThatIsNoneCountsAsNone(String accept) {
    assertAnswered(accept, Format.JSON, Format.TEXT);
  }

  @ParameterizedTest
  @CsvSource({"json, JSON, JSON", "text, TEXT, TEXT", "html, HTML, HTML", "metrics, METRICS, TEXT"})
  @DisplayName("format wins over Accept, for a failure too, which has no figures")
  void formatWinsOverAccept(String format, Format success, Format failure) {
    for (Sent sent :
        new Sent[] {
          Sent.get("format=" + format),
          Sent.post("{\"format\": \"" + format + "\"}"),
          Sent.post("plan").query("format=" + format),
        }) {
      for (String accept : new String[] {"text/html", "application/json", "text/plain", "*/*"}) {
        Answering answering = Answering.of(Asked.of(sent.with("Accept", accept).request()));
        assertThat(answering.success).isEqualTo(success);
        assertThat(answering.failure).isEqualTo(failure);
      }
    }
  }

  @Test
  void aFormatThatIsNoneLeavesTheAnswerToAccept() {
    Answering answering =
        Answering.of(Asked.of(Sent.get("format=xml").with("accept", "application/json").request()));
    assertThat(answering.failure).isEqualTo(Format.JSON);
  }

  @ParameterizedTest
  @CsvSource({
    "JSON, application/json",
    "TEXT, text/plain; charset=utf-8",
    "HTML, text/html; charset=utf-8"
  })
  void everyFormatHasItsContentType(Format format, String contentType) {
    assertThat(format.contentType).isEqualTo(contentType);
  }

  private static void assertAnswered(String accept, Format success, Format failure) {
    Sent sent = Sent.by("GET");
    if (accept != null) {
      sent.with("Accept", accept);
    }
    Answering answering = Answering.of(Asked.of(sent.request()));
    assertThat(answering.success).isEqualTo(success);
    assertThat(answering.failure).isEqualTo(failure);
  }
}
