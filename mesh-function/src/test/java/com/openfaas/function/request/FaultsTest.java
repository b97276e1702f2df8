package com.openfaas.function.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is refused, and how it is told. */
class FaultsTest {
  @Test
  @DisplayName("400 lists all faults at once")
  void everyFaultIsToldAtOnce() {
    BadRequestException refusal =
        Sent.post(
                "{\"action\":\"destroy\",\"only\":[\"gateway\",\"everything\"],"
                    + "\"functions\":[\"Figlet!\"],\"budget\":9000,\"format\":\"xml\",\"dryRun\":1}")
            .query("budget=5&colour=red")
            .refusal();
    assertThat(refusal.status).isEqualTo(400);
    assertThat(refusal.faults)
        .containsExactlyInAnyOrder(
            "\"budget\": given more than once (body and query, or query twice)",
            "\"colour\": no such option; there are action, at, budget, format, functions, only,"
                + " width",
            "\"dryRun\": no such option; there are action, at, budget, format, functions, only,"
                + " width",
            "action: one of status, plan, verify, apply, refresh, revert",
            "only: \"everything\" is none of namespaces, functions, gateway, core, ingress, self",
            "functions: \"Figlet!\" is not NAME or NAME.NAMESPACE",
            "budget: whole seconds from 1 to 50",
            "format: one of json, text, html, metrics, patch");
  }

  @Test
  void thePatchIsThatOfAPlan() throws Exception {
    assertThat(Sent.get("action=plan&format=patch").read().action).isEqualTo(Action.PLAN);
    assertThat(Sent.post("").query("action=plan&format=patch").read().action)
        .isEqualTo(Action.PLAN);
    assertThat(Sent.get("format=patch").refusal().faults)
        .containsExactly("format: the patch is that of plan, not of status");
    assertThat(Sent.post("").query("format=patch").refusal().faults)
        .containsExactly("format: the patch is that of plan, not of apply");
  }

  @Test
  void metricsAreThoseOfALook() throws Exception {
    assertThat(Sent.get("format=metrics").read().action).isEqualTo(Action.STATUS);
    assertThat(Sent.get("action=verify&format=metrics").read().action).isEqualTo(Action.VERIFY);
    assertThat(Sent.post("").query("format=metrics").refusal().faults)
        .containsExactly("format: metrics are those of status and verify, not of apply");
    assertThat(Sent.get("action=plan&format=metrics").refusal().faults)
        .containsExactly("format: metrics are those of status and verify, not of plan");
  }

  @Test
  void oneKeyInBodyAndQueryIsRefusedEvenWithTheSameValue() {
    assertThat(Sent.post("{\"action\":\"plan\"}").query("action=plan").refusal().faults)
        .containsExactly("\"action\": given more than once (body and query, or query twice)");
    assertThat(Sent.post("plan").query("action=plan").refusal().faults).hasSize(1);
  }

  @Test
  void oneKeyTwiceInTheQueryIsRefused() {
    assertThat(Sent.get("budget=5&budget=6").refusal().faults)
        .containsExactly("\"budget\": given more than once (body and query, or query twice)");
  }

  @Test
  void oneKeyTwiceInTheBodyIsRefused() {
    assertThat(Sent.post("{\"budget\":5,\"budget\":6}").refusal().faults)
        .containsExactly("\"budget\": given twice in the body");
  }

  @Test
  void ofVeryManyFaultsTheFirstAreToldAndEachOnce() {
    StringBuilder body = new StringBuilder("{\"budget\":5");
    for (int i = 0; i < 60; i++) {
      body.append(",\"budget\":5,\"k").append(i).append("\":1");
    }
    List<String> faults = Sent.post(body + "}").refusal().faults;

    assertThat(faults).hasSize(51).doesNotHaveDuplicates().endsWith("and 11 more");
    assertThat(faults).contains("\"budget\": given twice in the body");
  }

  @Test
  @DisplayName("a body that is too long is not parsed: not for its options, nor for its format")
  void aBodyThatIsTooLongIsNotParsed() {
    String body =
        "{\"format\":\"json\",\"x\":\"" + "x".repeat(RequestReader.MAX_BODY_BYTES) + "\"}";
    Asked options = Asked.of(Sent.post(body).request());
    assertThat(options.byName).isEmpty();
    assertThat(options.faults).isEmpty();
    assertThat(Sent.post(body).refusal().status).isEqualTo(413);
  }

  @Test
  @DisplayName("a body of 64 KiB is read, one byte more is a 413")
  void aBodyOver64KibIsRefused() throws Exception {
    String plan = "{\"action\":\"plan\"}";
    String padding = " ".repeat(RequestReader.MAX_BODY_BYTES - plan.length());
    assertThat(Sent.post(plan + padding).read().action).isEqualTo(Action.PLAN);
    BadRequestException refusal = Sent.post(plan + padding + " ").refusal();
    assertThat(refusal.status).isEqualTo(413);
    assertThat(refusal.faults).containsExactly("body: more than 65536 bytes");
  }

  @Test
  void theLimitCountsBytesNotCharacters() {
    assertThat(Sent.post("\u20ac".repeat(22_000)).refusal().status).isEqualTo(413);
  }

  @Test
  void aWrongRequestIsToldBeforeTheWrongMethod() {
    assertThat(Sent.get("action=apply&budget=x").refusal().status).isEqualTo(400);
  }

  @Test
  @DisplayName("what a caller wrote comes back short and on one line")
  void noCallersTextBreaksALine() {
    String evil = "x\r\n\u001b[31mmesh-setup: all is well\u0085\u2028\u202e";
    BadRequestException refusal =
        Sent.post("{\"" + evil.replace("\r\n\u001b", "\\r\\n\\u001b") + "\": 1, \"" + evil + "\"")
            .query("only=" + "a%0d%0ab" + "&" + "k%0a".repeat(500))
            .refusal();
    assertThat(refusal.faults).hasSizeGreaterThan(2);
    assertThat(refusal.faults)
        .allSatisfy(
            fault -> assertThat(fault).doesNotContainPattern("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]"))
        .allSatisfy(fault -> assertThat(fault).hasSizeLessThan(400));
  }
}
