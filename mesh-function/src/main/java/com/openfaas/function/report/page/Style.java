package com.openfaas.function.report.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** The page's style, and the policy that lets a browser apply this one and load nothing at all. */
final class Style {
  private static final String TEXT = read();

  static final String POLICY =
      "default-src 'none'; style-src 'sha256-"
          + hash(TEXT)
          + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private Style() {}

  /** Unescaped: a style element has no escapes, and the policy's hash covers these bytes. */
  static Html element() {
    return Html.of("style", Html.raw(TEXT));
  }

  private static String read() {
    try (InputStream css = Style.class.getResourceAsStream("page.css")) {
      return new String(css.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("page.css belongs to the jar", e);
    }
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
