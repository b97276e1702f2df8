package com.openfaas.function.request;

import com.openfaas.model.IRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tells the operator from everybody else: anyone who reaches the gateway can call a function, so
 * what is not harmless to repeat needs a signature over the body, as {@code faas-cli invoke --sign}
 * sends it.
 */
public final class Signing {
  /** The header that carries {@code sha256=<hex HMAC-SHA256 of the body>}. */
  public static final String HEADER = "X-Mesh-Signature";

  /** The OpenFaaS secret that holds the key. */
  public static final String SECRET = "mesh-setup-key";

  private static final Duration WINDOW = Duration.ofMinutes(5);
  private static final String ALGORITHM = "HmacSHA256";

  private final byte[] key;
  private final boolean applyToo;
  private final Instant now;

  /**
   * What a signature is held against.
   *
   * @param key null or empty where the secret is not mounted
   * @param applyToo whether {@code apply} needs a signature as well
   */
  public Signing(byte[] key, boolean applyToo, Instant now) {
    this.key = key == null ? new byte[0] : key.clone();
    this.applyToo = applyToo;
    this.now = now;
  }

  /**
   * Gives the time within a signed request, or null where none is asked for.
   *
   * @throws BadRequestException 403 where there is no key, 401 where the signature does not hold
   */
  Instant require(Action action, IRequest request, Options options) throws BadRequestException {
    boolean needed = action == Action.REFRESH || action == Action.REVERT;
    if (!needed && !(applyToo && action == Action.APPLY)) {
      return null;
    }
    if (key.length == 0) {
      throw new BadRequestException(
          403,
          List.of(
              action
                  + " must be signed, and no key is there: faas-cli secret create "
                  + SECRET
                  + " --from-file KEYFILE, list it under secrets in stack.yml, deploy again"));
    }
    if (request.getQueryRaw() != null && !request.getQueryRaw().isEmpty()) {
      throw refused("a signature covers the body: put every option there, not into the query");
    }
    String given = Headers.of(request).get(HEADER);
    if (given == null || !MessageDigest.isEqual(bytes(given), bytes(expected(request.getBody())))) {
      throw refused(
          "sign the body: faas-cli invoke mesh-setup --sign "
              + HEADER
              + " --key KEY, with a body"
              + " such as {\"action\":\""
              + action
              + "\",\"at\":\""
              + now
              + "\"}");
    }
    return fresh(options);
  }

  private Instant fresh(Options options) throws BadRequestException {
    Option at = options.byName.get("at");
    Instant told = at == null ? null : at.asTime();
    if (told == null) {
      throw refused("\"at\" in the body must be the time in RFC 3339, as " + now);
    }
    if (Duration.between(told, now).abs().compareTo(WINDOW) > 0) {
      throw refused("\"at\" is more than 5 minutes from this function's time, " + now);
    }
    return told;
  }

  private String expected(String body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      StringBuilder hex = new StringBuilder("sha256=");
      for (byte b : mac.doFinal(bytes(body == null ? "" : body))) {
        hex.append(String.format("%02x", b));
      }
      return hex.toString();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }

  /** A realm of our own: faas-cli takes OpenFaaS' for an invitation to log in. */
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
