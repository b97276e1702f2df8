package com.openfaas.function.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.Problem;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.utils.HttpClientUtils;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient.Version;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;

/**
 * The API server's address, and the account we use: the one whose Secret is mounted among the
 * function's secrets (the community edition cannot give a function its own account), else the pod's
 * own.
 */
public final class Connection {
  private static final String DEFAULT_SECRETS = "/var/openfaas/secrets";
  private static final String POD_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";
  private static final int CONNECT_MILLIS = 5_000;
  private static final int REQUEST_MILLIS = 10_000;

  private final String server;
  private final Path account;

  private Connection(String server, Path account) {
    this.server = server;
    this.account = account;
  }

  /** From {@code KUBERNETES_SERVICE_HOST} and {@code _PORT}, which Kubernetes sets in every pod. */
  public static Connection of(Map<String, String> environment) throws ClusterException {
    String host = environment.get("KUBERNETES_SERVICE_HOST");
    String port = environment.getOrDefault("KUBERNETES_SERVICE_PORT", "443");
    Path mounted = secrets(environment);
    Path account = Files.exists(mounted.resolve("token")) ? mounted : Path.of(POD_ACCOUNT);
    if (host == null || !Files.exists(account.resolve("token"))) {
      throw new ClusterException(
          new Problem(
              Code.NO_CLUSTER,
              "mesh-setup",
              host == null ? "KUBERNETES_SERVICE_HOST is not set" : "no token in " + mounted,
              "mesh-setup runs as a function of OpenFaaS on Kubernetes, with the secret mesh-setup-api"),
          null);
    }
    String bracketed = host.contains(":") ? "[" + host + "]" : host;
    return new Connection("https://" + bracketed + ":" + port, account);
  }

  /** The namespace of mesh-setup itself. */
  public String namespace() throws ClusterException {
    return read("namespace");
  }

  /**
   * A client that reads the token for each request, because Kubernetes rotates it during a run.
   *
   * @param clock is set by the Date header of each answer
   */
  public KubernetesClient open(ServerClock clock) throws ClusterException {
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl(server)
            .withNamespace(namespace())
            .withOauthTokenProvider(this::token)
            .withConnectionTimeout(CONNECT_MILLIS)
            .withRequestTimeout(REQUEST_MILLIS)
            // Requests retries by itself: only it knows how much time is left.
            .withRequestRetryBackoffLimit(0)
            .withUserAgent("mesh-setup")
            .build();
    return new KubernetesClientBuilder()
        .withConfig(config)
        .withHttpClientFactory(http())
        // By default it loads every class of every model.
        .withKubernetesSerialization(new KubernetesSerialization(new ObjectMapper(), false))
        .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor("server-clock", clock))
        .build();
  }

  /**
   * The bytes of a secret of the function, without one trailing newline (which editors add); null
   * if it is not mounted.
   *
   * @param environment says where the secrets are mounted
   * @throws UncheckedIOException if it exists and cannot be read
   */
  public static byte[] secret(Map<String, String> environment, String name) {
    try {
      byte[] bytes = Files.readAllBytes(secrets(environment).resolve(name));
      int end = bytes.length;
      if (end > 0 && bytes[end - 1] == '\n') {
        end -= end > 1 && bytes[end - 2] == '\r' ? 2 : 1;
      }
      return Arrays.copyOf(bytes, end);
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path secrets(Map<String, String> environment) {
    return Path.of(environment.getOrDefault("secret_mount_path", DEFAULT_SECRETS));
  }

  /** The client passes on only its own exceptions: {@link ClusterException#of} unwraps this one. */
  private String token() {
    try {
      return read("token");
    } catch (ClusterException e) {
      throw new KubernetesClientException(e.getMessage(), e);
    }
  }

  private ClusterHttp http() throws ClusterException {
    try {
      return new ClusterHttp(read("ca.crt"));
    } catch (GeneralSecurityException | IOException e) {
      throw unusable("ca.crt", e);
    }
  }

  private String read(String key) throws ClusterException {
    try {
      return Files.readString(account.resolve(key)).trim();
    } catch (IOException e) {
      throw unusable(key, e);
    }
  }

  private ClusterException unusable(String key, Exception why) {
    return new ClusterException(
        new Problem(
            Code.NO_ACCOUNT,
            account.resolve(key).toString(),
            "cannot be read: " + why.getClass().getSimpleName(),
            "list the secret mesh-setup-api under secrets in stack.yml; then faas-cli deploy"),
        why);
  }

  /**
   * The JDK HTTP client as the fabric8 factory configures it, with three differences.
   *
   * <ul>
   *   <li>It trusts only the cluster's certificate authority, as kubectl does. The fabric8 client
   *       would add it to the JRE's 150 or so, and load them all at each start.
   *   <li>It prefers ChaCha20: without C2, which a function is too short-lived for, AES runs as
   *       plain Java, and watching a rollout of many functions transfers tens of megabytes.
   *   <li>It speaks HTTP/1.1: a run sends one request after the other, so HTTP/2 would only add
   *       classes to load and work to do.
   * </ul>
   */
  private static final class ClusterHttp extends JdkHttpClientFactory {
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

  /**
   * The API server's time, from the Date header of its answers. The lease's holder and a pod's age
   * must not depend on a node whose clock is wrong.
   */
  public static final class ServerClock implements Interceptor {
    private final Clock own;
    private volatile Duration ahead = Duration.ZERO;

    public ServerClock(Clock own) {
      this.own = own;
    }

    /** Accurate to about a second; our own time until the API server's first answer. */
    public Instant now() {
      return own.instant().plus(ahead);
    }

    @Override
    public void after(
        HttpRequest request,
        HttpResponse<?> response,
        AsyncBody.Consumer<List<ByteBuffer>> consumer) {
      List<String> date = response.headers("Date");
      if (date.isEmpty()) {
        return;
      }
      try {
        Instant told =
            ZonedDateTime.parse(date.get(0), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
        Duration difference = Duration.between(own.instant(), told);
        // The header has whole seconds: a smaller difference is none.
        ahead = difference.abs().toMillis() < 1_500 ? Duration.ZERO : difference;
      } catch (DateTimeException e) {
        // Not a date, from some proxy: the difference stays as it was.
        return;
      }
    }
  }
}
