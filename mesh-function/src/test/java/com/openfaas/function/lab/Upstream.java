package com.openfaas.function.lab;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** The real API server, spoken to without any identity but the token a request brings along. */
final class Upstream {
  private final URI server;
  private final SSLSocketFactory sockets;

  Upstream(URI server, Path ca) {
    this.server = server;
    this.sockets = trusting(ca);
  }

  /** A connection over HTTP/1.1, which the API server speaks where nothing else is agreed on. */
  Connection open() throws IOException {
    Socket bare = new Socket(server.getHost(), server.getPort());
    bare.setTcpNoDelay(true);
    return new Connection(
        bare, sockets.createSocket(bare, server.getHost(), server.getPort(), true));
  }

  private static SSLSocketFactory trusting(Path ca) {
    try (InputStream in = Files.newInputStream(ca)) {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      trusted.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context.getSocketFactory();
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("cannot trust " + ca, e);
    }
  }

  /** A connection with what was read ahead of it. */
  static final class Connection implements Closeable {
    final InputStream in;
    final OutputStream out;
    private final Socket bare;

    Connection(Socket bare, Socket secured) throws IOException {
      this.bare = bare;
      this.in = new BufferedInputStream(secured.getInputStream());
      this.out = secured.getOutputStream();
    }

    void send(HttpHead head, byte[] body) throws IOException {
      out.write(head.bytes());
      out.write(body);
      out.flush();
    }

    /** Without TLS' farewell, which would wait for a reader. */
    @Override
    public void close() throws IOException {
      bare.close();
    }
  }
}
