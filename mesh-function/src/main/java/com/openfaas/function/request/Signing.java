package com.openfaas.function.request;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Distinguishes the operator from everybody else: anyone who reaches the gateway can call a
 * function, so an action that is not harmless to repeat needs a signature of the body, as {@code
 * faas-cli invoke --sign} sends it.
 */
public final class Signing {
  /** The header with {@code sha256=<hex HMAC-SHA256 of the body>}. */
  public static final String HEADER = "X-Mesh-Signature";

  /** The OpenFaaS secret that holds the key. */
  public static final String SECRET = "mesh-setup-key";

  private static final Duration WINDOW = Duration.ofMinutes(5);
  private static final String ALGORITHM = "HmacSHA256";

  private final Supplier<byte[]> key;
  private final boolean applyToo;
  private final Instant now;

  /**
   * What a signature is checked against.
   *
   * @param key reads the secret, only when a signature is needed; returns null if it is not
   *     mounted, and throws {@link UncheckedIOException} if it cannot be read
   * @param applyToo whether {@code apply} needs a signature as well
   * @param now for the examples in messages
   */
  public Signing(Supplier<byte[]> key, boolean applyToo, Instant now) {
    this.key = key;
    this.applyToo = applyToo;
    this.now = now;
  }

  /**
   * Returns the time in a signed request, or null if it is unsigned and need not be signed. A
   * signed apply has more effect than an unsigned one, so its signature must be valid.
   *
   * @throws BadRequestException 403 without a key, 401 if the signature is not valid
   */
  Instant require(Action action, Asked asked) throws BadRequestException {
    String given = asked.header(HEADER);
    if (!action.writes() || (action == Action.APPLY && !applyToo && given == null)) {
      return null;
    }
    verify(given, key(action), action, asked);
    Asked.Option at = asked.byName.get("at");
    Instant told = at == null ? null : at.asTime();
    if (told == null) {
      throw refused("\"at\" in the body must be the time in RFC 3339, as " + now);
    }
    return told;
  }

  private void verify(String given, byte[] usable, Action action, Asked asked)
      throws BadRequestException {
    if (!asked.query.isEmpty()) {
      throw refused("a signature covers the body: put every option there, not into the query");
    }
    if (given == null
        || !MessageDigest.isEqual(bytes(given), bytes(expected(usable, asked.body)))) {
      throw refused("sign the body: " + command(action, "mesh-setup"));
    }
  }

  /**
   * The command that sends an action signed; the key is the content of the secret mesh-setup-key.
   *
   * @param function its name for faas-cli
   */
  public static String command(Action action, String function) {
    return "echo -n '{\"action\":\""
        + action
        + "\",\"at\":\"'$(date -u +%FT%TZ)'\"}' | faas-cli invoke "
        + function
        + " --sign "
        + HEADER
        + " --key \"$(cat key.txt)\"";
  }

  /**
   * Checks the time in a signed request.
   *
   * @param now by the API server's clock, which the Lease uses too
   * @throws BadRequestException 401 if it is more than five minutes off
   */
  public static void requireFresh(Instant signedAt, Instant now) throws BadRequestException {
    if (Duration.between(signedAt, now).abs().compareTo(WINDOW) > 0) {
      throw refused(
          "\"at\" is " + signedAt + ", more than 5 minutes from the API server's time, " + now);
    }
  }

  private byte[] key(Action action) throws BadRequestException {
    String why = "is not mounted";
    try {
      byte[] bytes = key.get();
      if (bytes != null && bytes.length > 0) {
        return bytes;
      }
      why = bytes == null ? why : "is empty";
    } catch (UncheckedIOException e) {
      why = "cannot be read: " + e.getCause().getClass().getSimpleName();
    }
    throw new BadRequestException(
        403,
        List.of(
            action
                + " must be signed, and there is no key: the secret "
                + SECRET
                + " "
                + why
                + "; faas-cli secret create "
                + SECRET
                + " --from-file key.txt, list it under secrets in stack.yml, then faas-cli"
                + " deploy"));
  }

  private static String expected(byte[] key, String body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      StringBuilder hex = new StringBuilder("sha256=");
      for (byte b : mac.doFinal(bytes(body))) {
        hex.append(String.format("%02x", b));
      }
      return hex.toString();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }

  /** A realm of our own: faas-cli takes OpenFaaS' realm as a prompt to log in. */
  private static BadRequestException refused(String why) {
    return new BadRequestException(
        401,
        List.of("not signed: " + why),
        Map.of("WWW-Authenticate", "Signature realm=\"mesh-setup\""));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
