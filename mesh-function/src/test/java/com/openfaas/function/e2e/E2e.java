package com.openfaas.function.e2e;

import com.openfaas.function.lab.OperatorKey;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.LocalPortForward;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Tells the story to a cluster. Started by build/e2e, whose head lists the options. */
public final class E2e {
  private static final Set<String> OPTIONS =
      Set.of(
          "--context",
          "--gateway",
          "--gateway-namespace",
          "--function-namespace",
          "--key",
          "--image",
          "--limit",
          "--without-proof",
          "--bundle");

  private final KubernetesClient client;
  private final Map<String, String> options;
  private final List<String> secrets = new ArrayList<>();

  private E2e(KubernetesClient client, Map<String, String> options) {
    this.client = client;
    this.options = options;
  }

  /** Exit code 0 where all was as it should be, 1 where it was not, 2 where it could not begin. */
  public static void main(String[] arguments) throws IOException {
    Map<String, String> options = new HashMap<>();
    boolean yes = false;
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i].equals("--yes")) {
        yes = true;
      } else if (OPTIONS.contains(arguments[i]) && i + 1 < arguments.length) {
        options.put(arguments[i], arguments[++i]);
      } else {
        fail("what is '" + arguments[i] + "'? build/e2e --help tells what there is");
      }
    }
    Config config = Config.autoConfigure(options.get("--context"));
    try (KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build()) {
      System.exit(tell(client, options, yes) ? 0 : 1);
    } catch (Unexpected e) {
      fail(e.getMessage());
    }
  }

  private static void fail(String why) {
    System.err.println("e2e: " + why);
    System.exit(2);
  }

  /**
   * Tells the story, prints its table and leaves its bundle.
   *
   * @param options those of build/e2e, with their values
   * @param yes whether anything may be written
   * @return whether all was as it should be
   */
  public static boolean tell(KubernetesClient client, Map<String, String> options, boolean yes)
      throws IOException {
    return new E2e(client, options).tell(yes);
  }

  private boolean tell(boolean yes) throws IOException {
    OpenFaas platform = platform();
    Gateway gateway = gateway(platform);
    OperatorKey key = key(platform).orElse(null);
    Bundle bundle = new Bundle(Path.of(option("--bundle", "e2e-bundle")), secrets);
    Deadline deadline = Deadline.in(Duration.ofSeconds(Long.parseLong(option("--limit", "2400"))));
    Newborn newborn = new Newborn(platform, gateway, options.get("--image"));
    System.err.println("e2e: " + client.getMasterUrl() + ", " + (yes ? "with changes" : "reading"));
    MeshSetup function = new MeshSetup(gateway, platform, key, bundle, deadline);
    String unprovable = options.get("--without-proof");
    Steps steps = new Steps(function, platform, newborn, bundle, deadline, unprovable);
    boolean good = new Story(steps, platform, bundle).tell(yes);
    System.out.print(bundle.table());
    System.err.println("e2e: to attach to an issue: " + bundle.folder().toAbsolutePath());
    return good;
  }

  private OpenFaas platform() {
    String core = option("--gateway-namespace", "openfaas");
    Deployment gateway = deployment(core, "gateway");
    String functions =
        option(
            "--function-namespace",
            gateway.getSpec().getTemplate().getSpec().getContainers().stream()
                .flatMap(container -> container.getEnv().stream())
                .filter(variable -> variable.getName().equals("function_namespace"))
                .map(EnvVar::getValue)
                .findFirst()
                .orElse("openfaas-fn"));
    deployment(functions, OpenFaas.SELF);
    return new OpenFaas(client, core, functions);
  }

  private Deployment deployment(String namespace, String name) {
    Deployment found = client.apps().deployments().inNamespace(namespace).withName(name).get();
    if (found == null) {
      throw new Unexpected(
          "there is no deployment "
              + namespace
              + "/"
              + name
              + "; --gateway-namespace and --function-namespace say where OpenFaaS is");
    }
    return found;
  }

  private Gateway gateway(OpenFaas platform) {
    String url = options.get("--gateway");
    Gateway.Way way = url == null ? this::forward : Gateway.Way.to(URI.create(url));
    Optional<String> password = platform.secret(platform.core, "basic-auth", "basic-auth-password");
    password.ifPresent(secrets::add);
    String user = platform.secret(platform.core, "basic-auth", "basic-auth-user").orElse("admin");
    return new Gateway(way, password.isPresent() ? user : null, password.orElse(null));
  }

  /** As kubectl port-forward: to a pod that is ready now. */
  private Gateway.Way.Open forward() throws IOException {
    String core = option("--gateway-namespace", "openfaas");
    String pod =
        client
            .pods()
            .inNamespace(core)
            .withLabelSelector(deployment(core, "gateway").getSpec().getSelector())
            .list()
            .getItems()
            .stream()
            .filter(each -> each.getMetadata().getDeletionTimestamp() == null)
            .filter(OpenFaas::isReady)
            .map((Pod each) -> each.getMetadata().getName())
            .findFirst()
            .orElseThrow(() -> new IOException("no ready pod of the gateway"));
    LocalPortForward forward = client.pods().inNamespace(core).withName(pod).portForward(8080);
    return new Gateway.Way.Open() {
      @Override
      public URI url() {
        return URI.create("http://127.0.0.1:" + forward.getLocalPort() + "/");
      }

      @Override
      public void close() throws IOException {
        forward.close();
      }
    };
  }

  /** A file's, else the one that mesh-setup itself reads. */
  private Optional<OperatorKey> key(OpenFaas platform) throws IOException {
    String file = options.get("--key");
    Optional<String> key =
        file == null
            ? platform.secret(platform.functions, "mesh-setup-key", "mesh-setup-key")
            : Optional.of(Files.readString(Path.of(file)));
    return key.map(text -> text.replaceFirst("\r?\n\\z", ""))
        .map(
            text -> {
              secrets.add(text);
              return new OperatorKey(text);
            });
  }

  private String option(String name, String otherwise) {
    return options.getOrDefault(name, otherwise);
  }
}
