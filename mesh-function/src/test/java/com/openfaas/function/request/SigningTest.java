package com.openfaas.function.request;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.time.Instant;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may do what is not harmless to repeat. */
class SigningTest {
  private static final byte[] KEY = "the key".getBytes(UTF_8);
  private static final Instant NOON = Instant.parse("2026-09-01T12:00:00Z");
  private static final String BODY = "{\"action\":\"revert\",\"at\":\"2026-09-01T12:00:00Z\"}";

  /** printf %s BODY | openssl dgst -sha256 -hmac "the key": not by the code under test. */
  private static final String SIGNATURE =
      "sha256=00f24b2ac1ffa8c4d040a7c7416941ab048121f325bb7d81efde9ffcccef1908";

  @Test
  void takesTheSignatureThatFaasCliSends() throws Exception {
    Invocation invocation = read(signed(), KEY, false, NOON);

    assertThat(invocation.action).isEqualTo(Action.REVERT);
    assertThat(invocation.signedAt).isEqualTo(NOON);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x-mesh-signature", "X-MESH-SIGNATURE", "X-mesh-signature"})
  void findsTheHeaderInWhateverCase(String name) throws Exception {
    Sent sent = Sent.post(BODY).with(name, SIGNATURE);

    assertThat(read(sent, KEY, false, NOON).signedAt).isEqualTo(NOON);
  }

  @Test
  void refusesTheSignatureOfAnotherKey() {
    byte[] other = "the kez".getBytes(UTF_8);

    assertThat(refusal(signed(), other, NOON).faults.get(0)).contains("sign the body: echo -n ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"action\":\"refresh\",\"at\":\"2026-09-01T12:00:00Z\"}",
        "{\"action\":\"revert\",\"at\":\"2026-09-01T12:00:01Z\"}",
        "{\"action\":\"revert\", \"at\":\"2026-09-01T12:00:00Z\"}",
        "{\"action\":\"revert\",\"at\":\"2026-09-01T12:00:00Z\"}\n"
      })
  void refusesTheSignatureOfAnotherBody(String body) {
    Sent sent = Sent.post(body).with(Signing.HEADER, SIGNATURE);

    assertThat(refusal(sent, KEY, NOON).status).isEqualTo(401);
  }

  @Test
  @DisplayName("401 without the header, with a realm that does not make faas-cli ask for a login")
  void refusesWhatIsNotSigned() {
    BadRequestException refusal = refusal(Sent.post(BODY), KEY, NOON);

    assertThat(refusal.status).isEqualTo(401);
    assertThat(refusal.headers).containsEntry("WWW-Authenticate", "Signature realm=\"mesh-setup\"");
    assertThat(refusal.headers.get("WWW-Authenticate")).doesNotContain("IAM function invoke");
    assertThat(refusal.faults.get(0))
        .contains(
            "{\"action\":\"revert\",\"at\":\"'$(date -u +%FT%TZ)'\"}' | faas-cli invoke mesh-setup"
                + " --sign X-Mesh-Signature --key \"$(cat key.txt)\"");
  }

  @Test
  @DisplayName("403 where there is no key, with the command that makes one")
  void saysHowToMakeAKey() {
    for (byte[] none : new byte[][] {null, {}}) {
      BadRequestException refusal = refusal(signed(), none, NOON);

      assertThat(refusal.status).isEqualTo(403);
      assertThat(refusal.faults.get(0)).contains("faas-cli secret create mesh-setup-key");
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {-300, -1, 0, 1, 300})
  void takesATimeWithinFiveMinutes(long seconds) throws Exception {
    Signing.requireFresh(NOON, NOON.plusSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(longs = {-301, 301, 86_400})
  void refusesATimeFurtherAway(long seconds) {
    assertThatThrownBy(() -> Signing.requireFresh(NOON, NOON.plusSeconds(seconds)))
        .hasMessageContaining("more than 5 minutes")
        .satisfies(e -> assertThat(((BadRequestException) e).status).isEqualTo(401));
  }

  @Test
  void anApplyThatIsSignedMustBeSignedRightWhateverThePolicy() throws Exception {
    String body = "{\"action\":\"apply\",\"at\":\"2026-09-01T12:00:00Z\"}";
    // printf %s BODY | openssl dgst -sha256 -hmac "the key"
    String signature = "sha256=fba724e4b2f47a3a20a87eb2f27185630a5dfbe6d0c43b33578cfb5971cf602b";

    assertThat(read(Sent.post(body).with(Signing.HEADER, signature), KEY, false, NOON).signedAt)
        .isEqualTo(NOON);
    assertThat(refusal(Sent.post(body).with(Signing.HEADER, SIGNATURE), KEY, NOON).status)
        .isEqualTo(401);
  }

  @Test
  void aKeyThatCannotBeReadIsToldWhereASignatureIsNeededAndNowhereElse() throws Exception {
    Supplier<byte[]> unreadable =
        () -> {
          throw new UncheckedIOException(new AccessDeniedException("mesh-setup-key"));
        };
    RequestReader reader = new RequestReader(50, new Signing(unreadable, false, NOON));

    for (String action : new String[] {"status", "plan", "verify", "apply"}) {
      assertThat(reader.read(Asked.of(Sent.post(action).request())).signedAt).isNull();
    }
    assertThatThrownBy(() -> reader.read(Asked.of(signed().request())))
        .hasMessageContaining("mesh-setup-key cannot be read: AccessDeniedException");
  }

  @Test
  void refusesOptionsBesideTheSignedBody() {
    Sent sent = signed().query("only=gateway");

    assertThat(refusal(sent, KEY, NOON).faults.get(0)).contains("not into the query");
  }

  @Test
  void asksItOfApplyOnlyWhereThePolicySaysAll() throws Exception {
    assertThat(read(Sent.post(""), KEY, false, NOON).action).isEqualTo(Action.APPLY);
    assertThatThrownBy(() -> read(Sent.post(""), KEY, true, NOON))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("not signed");
    assertThat(read(Sent.post("plan"), KEY, true, NOON).signedAt).isNull();
    assertThat(read(Sent.get(""), KEY, true, NOON).action).isEqualTo(Action.STATUS);
  }

  private static Sent signed() {
    return Sent.post(BODY).with(Signing.HEADER, SIGNATURE);
  }

  private static Invocation read(Sent sent, byte[] key, boolean all, Instant now)
      throws BadRequestException {
    return new RequestReader(50, new Signing(() -> key, all, now)).read(Asked.of(sent.request()));
  }

  private static BadRequestException refusal(Sent sent, byte[] key, Instant now) {
    try {
      read(sent, key, false, now);
    } catch (BadRequestException e) {
      return e;
    }
    throw new AssertionError("accepted");
  }
}
