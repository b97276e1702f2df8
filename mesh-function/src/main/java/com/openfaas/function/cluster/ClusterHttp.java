package com.openfaas.function.cluster;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.utils.HttpClientUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpClient.Version;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Arrays;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;

/**
 * The JDK HTTP client as the fabric8 factory configures it, with three differences.
 *
 * <ul>
 *   <li>It trusts only the cluster's certificate authority, as kubectl does. The fabric8 client
 *       would add it to the JRE's 150 or so, and load them all at each start.
 *   <li>It prefers ChaCha20: without C2, which a function is too short-lived for, AES runs as plain
 *       Java, and watching a rollout of many functions transfers tens of megabytes.
 *   <li>It speaks HTTP/1.1: a run sends one request after the other, so HTTP/2 would only add
 *       classes to load and work to do.
 * </ul>
 */
final class ClusterHttp extends JdkHttpClientFactory {
  private final SSLContext tls;

  /**
   * A client factory for one cluster.
   *
   * @param authority the certificates to trust, as PEM
   * @throws GeneralSecurityException if there is none in it
   */
  ClusterHttp(String authority) throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    byte[] pem = authority.getBytes(StandardCharsets.US_ASCII);
    CertificateFactory certificates = CertificateFactory.getInstance("X.509");
    for (Certificate each : certificates.generateCertificates(new ByteArrayInputStream(pem))) {
      store.setCertificateEntry("authority-" + store.size(), each);
    }
    if (store.size() == 0) {
      throw new CertificateException("no certificate");
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    tls = SSLContext.getInstance("TLS");
    tls.init(null, trust.getTrustManagers(), null);
  }

  @Override
  public HttpClient.Builder newBuilder(Config config) {
    HttpClient.Builder builder = newBuilder();
    builder.tag(config.getRequestConfig());
    builder.connectTimeout(config.getConnectionTimeout(), TimeUnit.MILLISECONDS);
    HttpClientUtils.createApplicableInterceptors(config, this)
        .forEach(builder::addOrReplaceInterceptor);
    return builder;
  }

  @Override
  protected java.net.http.HttpClient.Builder createNewHttpClientBuilder() {
    SSLParameters parameters = tls.getDefaultSSLParameters();
    String[] suites = parameters.getCipherSuites();
    Arrays.sort(suites, Comparator.comparing(suite -> !suite.contains("CHACHA20")));
    parameters.setCipherSuites(suites);
    return super.createNewHttpClientBuilder()
        .version(Version.HTTP_1_1)
        .sslContext(tls)
        .sslParameters(parameters);
  }
}
