package com.openfaas.function.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** mesh-setup's account on a platform: what deploy/rbac.yml allows, and not a right more. */
public final class FunctionAccount {
  static final String SECRET = "mesh-setup-api";

  private static final List<String> FILES =
      List.of("token", "ca.crt", "namespace", "mesh-setup-key");

  private final KubernetesClient admin;
  private final RenamedRbac names;
  private final Rights rights;
  private final List<HasMetadata> created = new ArrayList<>();
  private Path secrets;

  FunctionAccount(KubernetesClient admin, String prefix, String linkerd) {
    this.admin = admin;
    this.names = new RenamedRbac(prefix, linkerd);
    String namespace = names.namespace("openfaas-fn");
    this.rights = new Rights(admin, "system:serviceaccount:" + namespace + ":mesh-setup");
  }

  /**
   * What an operator applies: a manifest of deploy, as build/rbac prints it for this platform. Its
   * Roles are in force when it returns.
   *
   * @param options more of build/rbac
   */
  public void apply(String manifest, String... options) {
    int before = created.size();
    for (HasMetadata object : objects(manifest, options)) {
      created.add(admin.resource(object).serverSideApply());
    }
    created.subList(before, created.size()).forEach(rights::await);
  }

  /** What rbac.yml tells an operator to do for another function namespace. */
  public void applyFor(String namespace) {
    List<HasMetadata> applied = new ArrayList<>();
    for (HasMetadata object : objects("rbac.yml", "--function-namespace", namespace)) {
      if (namespace.equals(object.getMetadata().getNamespace())) {
        applied.add(admin.resource(object).create());
      }
    }
    applied.forEach(rights::await);
  }

  /** What rbac.yml tells an operator to do when mesh_core names more. */
  public void allowCore(String name) {
    rights.await(
        admin
            .rbac()
            .roles()
            .inNamespace(names.namespace("openfaas"))
            .withName("mesh-setup-gateway")
            .edit(
                role -> {
                  role.getRules().stream()
                      .filter(rule -> rule.getVerbs().contains("patch"))
                      .forEach(rule -> rule.getResourceNames().add(name));
                  return role;
                }));
  }

  /** As the API server grants them. */
  public Rights rights() {
    return rights;
  }

  /** Its Roles and ClusterRoles. */
  public List<HasMetadata> roles() {
    return created.stream()
        .filter(object -> object instanceof Role || object instanceof ClusterRole)
        .collect(Collectors.toList());
  }

  /** Its namespaces take the rest with them. */
  void delete() {
    created.stream()
        .filter(object -> object.getMetadata().getNamespace() == null)
        .forEach(object -> admin.resource(object).delete());
    if (secrets != null) {
      deleteSecrets();
    }
  }

  /** What the kubelet and faas-netes would give the process in mesh-setup's pod. */
  Map<String, String> environment() {
    URI api = URI.create(admin.getMasterUrl().toString());
    Map<String, String> environment = new HashMap<>();
    environment.put("KUBERNETES_SERVICE_HOST", api.getHost());
    environment.put("KUBERNETES_SERVICE_PORT", String.valueOf(api.getPort()));
    environment.put("secret_mount_path", secrets().toString());
    environment.put("HOSTNAME", ownPod().getMetadata().getName());
    environment.put("mesh_gateway", names.namespace("openfaas") + "/gateway");
    return environment;
  }

  /** A client that is mesh-setup's own account. */
  public KubernetesClient client() {
    Map<String, String> environment = environment();
    Config config = new ConfigBuilder(admin.getConfiguration()).build();
    config.setClientCertFile(null);
    config.setClientCertData(null);
    config.setClientKeyFile(null);
    config.setClientKeyData(null);
    config.setOauthToken(read(Paths.get(environment.get("secret_mount_path"), "token")));
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  private Pod ownPod() {
    return admin
        .pods()
        .inNamespace(names.namespace("openfaas-fn"))
        .withLabel("faas_function", "mesh-setup")
        .list()
        .getItems()
        .stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "mesh-setup has no pod; is OpenFaaS installed and settled?"));
  }

  /** In the lab's own folder, which is gone with it, even when this process is killed. */
  private Path folder() throws IOException {
    File kubeconfig = admin.getConfiguration().getFile();
    Path lab = kubeconfig == null ? null : kubeconfig.toPath().toAbsolutePath().getParent();
    return lab != null && Files.exists(lab.resolve("audit.log"))
        ? Files.createTempDirectory(lab, "secrets")
        : Files.createTempDirectory("mesh-setup-secrets");
  }

  private Path secrets() {
    Secret secret =
        admin
            .secrets()
            .inNamespace(names.namespace("openfaas-fn"))
            .withName(SECRET)
            .waitUntilCondition(
                s -> s != null && s.getData() != null && s.getData().containsKey("token"),
                5,
                TimeUnit.MINUTES);
    try {
      if (secrets == null) {
        secrets = folder();
        secrets.toFile().deleteOnExit();
        FILES.forEach(name -> secrets.resolve(name).toFile().deleteOnExit());
      }
      for (Map.Entry<String, String> entry : secret.getData().entrySet()) {
        put(secrets.resolve(entry.getKey()), Base64.getDecoder().decode(entry.getValue()));
      }
      return secrets;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is there already stays, and what is new comes whole: a run that goes on reads it. */
  static synchronized void put(Path file, byte[] content) throws IOException {
    if (!Files.exists(file) || !Arrays.equals(Files.readAllBytes(file), content)) {
      Path next = Files.write(file.resolveSibling(file.getFileName() + ".next"), content);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void deleteSecrets() {
    try {
      for (String name : FILES) {
        Files.deleteIfExists(secrets.resolve(name));
      }
      Files.deleteIfExists(secrets);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<HasMetadata> objects(String manifest, String... options) {
    String yaml = names.manifest(manifest, options);
    return new ArrayList<>(admin.load(new ByteArrayInputStream(yaml.getBytes(UTF_8))).items());
  }
}
