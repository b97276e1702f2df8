package com.openfaas.function.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The key with which an operator signs, and the signature as {@code faas-cli invoke --sign}. */
public final class OperatorKey {
  public static final String HEADER = "X-Mesh-Signature";

  private final String key;

  public OperatorKey(String key) {
    this.key = key;
  }

  /** Puts it where the OpenFaaS secret would be mounted, for a process of that environment. */
  public OperatorKey mountFor(Map<String, String> environment) {
    try {
      Path file = Path.of(environment.get("secret_mount_path"), "mesh-setup-key");
      FunctionAccount.put(file, key.getBytes(UTF_8));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The header's value for this body. */
  public String sign(String body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.getBytes(UTF_8), "HmacSHA256"));
      return String.format("sha256=%064x", new BigInteger(1, mac.doFinal(body.getBytes(UTF_8))));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A body that asks for the action and can be signed. */
  public static String body(String action, Instant at) {
    return "{\"action\":\"" + action + "\",\"at\":\"" + at + "\"}";
  }
}
