package com.openfaas.function.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A certificate for a server of a test, signed by an authority of its own: what an API server has.
 * Made by the JDK's keytool.
 */
public final class TestCertificate {
  private static final char[] PASSWORD = "changeit".toCharArray();
  private static final String KEYS = "keys.p12";

  private static TestCertificate shared;

  /** The server's key, and its certificate with the authority's after it. */
  private final KeyStore keys;

  private TestCertificate(KeyStore keys) {
    this.keys = keys;
  }

  /** Making one takes two seconds, so a whole run shares it. */
  public static synchronized TestCertificate shared() {
    if (shared == null) {
      shared = create();
    }
    return shared;
  }

  /** Another one, with another key. */
  public static TestCertificate create() {
    try {
      Path folder = Files.createTempDirectory("test-certificate");
      makeKeys(folder);
      KeyStore keys = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(folder.resolve(KEYS))) {
        keys.load(in, PASSWORD);
      }
      keys.deleteEntry("ca");
      for (String file : List.of(KEYS, "request", "signed")) {
        Files.delete(folder.resolve(file));
      }
      Files.delete(folder);
      return new TestCertificate(keys);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public SSLContext sslContext() {
    try {
      KeyManagerFactory managers = KeyManagerFactory.getInstance("SunX509");
      managers.init(keys, PASSWORD);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The authority's certificate. */
  public String pem() {
    try {
      byte[] der = keys.getCertificateChain("test")[1].getEncoded();
      String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
      return "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n";
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As a webhook configuration wants it. */
  String caBundle() {
    return Base64.getEncoder().encodeToString(pem().getBytes(UTF_8));
  }

  private static void makeKeys(Path folder) throws IOException {
    String names = "SAN=ip:127.0.0.1,dns:localhost,dns:host.testcontainers.internal";
    keytool(folder, "-genkeypair -keyalg RSA -alias ca -dname CN=test-ca -ext bc:c");
    keytool(folder, "-genkeypair -keyalg RSA -alias test -dname CN=linkerd-proxy-injector");
    keytool(folder, "-certreq -alias test -file request");
    keytool(folder, "-gencert -alias ca -infile request -outfile signed -ext " + names);
    keytool(folder, "-importcert -noprompt -alias test -file signed");
  }

  private static void keytool(Path folder, String words) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Paths.get(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(words.split(" ", -1)));
    command.addAll(List.of("-keystore", KEYS, "-storetype", "PKCS12"));
    command.addAll(List.of("-storepass", new String(PASSWORD)));
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IllegalStateException("keytool " + words + ": " + output);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while keytool ran", e);
    }
  }
}
