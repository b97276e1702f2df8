package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.e2e.E2e;
import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.OperatorKey;
import com.openfaas.function.lab.SystemFunctions;
import com.openfaas.function.lab.TestPlatform;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The whole story of build/e2e, with a real kubelet")
class PlatformE2E {
  private static final String GIVEN = "MESH_TEST_KUBECONFIG";

  private static final String KEY = "the operator's key";

  /** Images are pulled and probes are waited for. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  @Nested
  @EnabledIfEnvironmentVariable(named = GIVEN, matches = ".+")
  @DisplayName("on a given cluster, which has it all; MESH_TEST_YES=true lets it write there")
  class OnTheGivenCluster {
    @Test
    void holds() throws IOException {
      Config config = Config.fromKubeconfig(new File(System.getenv(GIVEN)));
      try (KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build()) {
        boolean yes = "true".equals(System.getenv("MESH_TEST_YES"));
        assertThat(E2e.tell(client, Map.of("--bundle", "target/e2e-bundle"), yes)).isTrue();
      }
    }
  }

  @Nested
  @DisabledIfEnvironmentVariable(named = GIVEN, matches = ".+")
  @ExtendWith(ClusterExtension.class)
  @DisplayName("on k3s, with the lab's injector, and no packet through a proxy")
  class OnK3s {
    @Test
    void holds(TestPlatform installed, @TempDir Path bundle) throws IOException {
      TestPlatform platform = installed.installOpenFaas();
      // the pods are to be there before Linkerd is
      platform.awaitSettled(PATIENCE);
      platform.linkerd().install();
      platform.awaitSettled(PATIENCE);
      HttpServer gateway = gateway(platform);
      ExecutorService workers = Executors.newCachedThreadPool();
      gateway.setExecutor(workers);
      gateway.start();
      try {
        assertThat(E2e.tell(platform.admin(), options(platform, gateway, bundle), true)).isTrue();
      } finally {
        gateway.stop(0);
        workers.shutdownNow();
      }
    }

    private Map<String, String> options(TestPlatform platform, HttpServer gateway, Path bundle) {
      return Map.of(
          "--gateway",
          "http://127.0.0.1:" + gateway.getAddress().getPort() + "/",
          "--gateway-namespace",
          platform.openfaas(),
          "--without-proof",
          "no packet passes a proxy here",
          "--bundle",
          bundle.toString());
    }

    /** Its pods cannot be reached from here: it leads to mesh-setup in this process. */
    private HttpServer gateway(TestPlatform platform) throws IOException {
      platform.admin().resource(key(platform)).forceConflicts().serverSideApply();
      Map<String, String> environment = new HashMap<>(platform.functionEnvironment());
      environment.put("exec_timeout", "5m");
      new OperatorKey(KEY).mountFor(environment);
      InetAddress here = InetAddress.getLoopbackAddress();
      HttpServer gateway = HttpServer.create(new InetSocketAddress(here, 0), 0);
      Handler handler = new Handler(environment, Clock.systemUTC());
      gateway.createContext("/function/mesh-setup", new HandlerOverHttp(handler));
      gateway.createContext(
          "/function/mesh-setup-e2e/_/health",
          call -> {
            call.sendResponseHeaders(200, -1);
            call.close();
          });
      gateway.createContext("/system/functions", SystemFunctions.of(platform));
      return gateway;
    }

    private Secret key(TestPlatform platform) {
      return new SecretBuilder()
          .withNewMetadata()
          .withName("mesh-setup-key")
          .withNamespace(platform.functions())
          .endMetadata()
          .addToStringData("mesh-setup-key", KEY)
          .build();
    }
  }
}
