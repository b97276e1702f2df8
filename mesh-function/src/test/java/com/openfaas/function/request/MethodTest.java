package com.openfaas.function.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the method decides, and how it is known. */
class MethodTest {
  @ParameterizedTest
  @CsvSource({"GET,STATUS", "HEAD,STATUS", "POST,APPLY"})
  void theMethodGivesTheActionWhereNoneIsNamed(String method, Action action) throws Exception {
    assertThat(Sent.by(method).read().action).isEqualTo(action);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD"})
  @DisplayName("GET and HEAD do any action that only reads")
  void aReadingActionComesByGet(String method) throws Exception {
    assertThat(Sent.by(method).query("action=plan").read().action).isEqualTo(Action.PLAN);
    assertThat(Sent.by(method).query("action=verify").read().action).isEqualTo(Action.VERIFY);
    assertThat(Sent.by(method).query("action=status").read().action).isEqualTo(Action.STATUS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD"})
  @DisplayName("an action that writes is a 405 with Allow: POST on GET and HEAD")
  void aWritingActionMustBeAPost(String method) {
    BadRequestException byQuery = Sent.by(method).query("action=apply").refusal();
    assertThat(byQuery.status).isEqualTo(405);
    assertThat(byQuery.headers).isEqualTo(Map.of("Allow", "POST"));
    assertThat(Sent.by(method).body("apply").refusal().status).isEqualTo(405);
  }

  @ParameterizedTest
  @ValueSource(strings = {"STATUS", "PLAN", "VERIFY", "APPLY"})
  void aPostDoesEveryAction(Action action) throws Exception {
    assertThat(Sent.post(action.toString()).read().action).isEqualTo(action);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "BREW", "get", ""})
  @DisplayName("every other method is a 405 that says which are allowed")
  void anyOtherMethodIsRefused(String method) {
    BadRequestException refusal = Sent.by(method).refusal();
    assertThat(refusal.status).isEqualTo(405);
    assertThat(refusal.headers).isEqualTo(Map.of("Allow", "GET, HEAD, POST"));
    assertThat(refusal.faults).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-Http-Method", "x-http-method", "X-HTTP-METHOD", "X-http-method"})
  void theMethodHeaderIsFoundInAnyCase(String header) throws Exception {
    assertThat(Sent.unmethodical().with(header, "GET").read().action).isEqualTo(Action.STATUS);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "''     | text/html        | STATUS",
        "'  \n' | text/html        | STATUS",
        "''     | application/json | APPLY",
        "''     | '*/*'            | APPLY",
        "''     | none             | APPLY",
        "{}     | text/html        | APPLY",
        "plan   | text/html        | PLAN",
        "none   | text/html        | STATUS",
        "none   | none             | APPLY",
      })
  @DisplayName("without the header: status if the body is empty and HTML is preferred, else POST")
  void theUpstreamEntrypointTellsNoMethod(String body, String accept, Action action)
      throws Exception {
    Sent sent = Sent.unmethodical().body(body);
    if (accept != null) {
      sent.with("Accept", accept);
    }
    assertThat(sent.read().action).isEqualTo(action);
  }

  @Test
  void aBrowserOnTheUpstreamEntrypointCannotWrite() {
    BadRequestException refusal =
        Sent.unmethodical().with("Accept", "text/html").query("action=apply").refusal();
    assertThat(refusal.status).isEqualTo(405);
  }
}
