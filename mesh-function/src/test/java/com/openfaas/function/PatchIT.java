package com.openfaas.function;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.Caller.Answer;
import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.TestPlatform;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** kubectl has Kustomize built in, from the same Go modules as the command of that name. */
@ExtendWith(ClusterExtension.class)
@DisplayName("format=patch of a plan, applied by kubectl apply -k, gives what an apply gives")
class PatchIT {
  @TempDir private Path repository;
  private TestPlatform platform;

  @Test
  void isTheSameObjectByObject(TestPlatform installed) throws Exception {
    Assumptions.assumeTrue(installed.cluster().name.equals("lab"), "kubectl is the lab's");
    platform = installed.installWithLinkerd();
    Caller caller = new Caller(platform);
    String manifests = manifests();
    String fresh = caller.get("action=plan&format=patch").body;
    Map<String, String> before = objects();

    assertThat(caller.apply().outcome()).isEqualTo("changed");
    platform.awaitSettled();
    Map<String, String> applied = objects();
    String meshed = caller.get("action=plan&format=patch").body;
    assertThat(caller.signed("revert", Instant.now()).outcome()).isEqualTo("reverted");
    platform.awaitSettled();
    assertThat(objects()).isEqualTo(before).isNotEqualTo(applied);

    assertThat(patches(meshed)).as("what is set stays in it").isEqualTo(patches(fresh));
    commit(manifests, fresh);
    kubectl("apply", "-k", repository.toString());
    platform.awaitSettled();

    assertThat(objects()).containsExactlyInAnyOrderEntriesOf(applied);
    platform.lease().release();
    Answer next = caller.apply();
    assertThat(next.outcome()).as(next.body).isIn("changed", "meshed");
    assertThat(next.change("gateway")).isEqualTo("none");
    assertThat(next.change("figlet")).isEqualTo("none");
    assertThat(caller.get("action=plan&format=patch").body).contains("kind: Component");
  }

  /** The repository of somebody who deploys the whole platform with Kustomize. */
  private void commit(String manifests, String component) throws IOException {
    Files.writeString(repository.resolve("platform.yaml"), manifests);
    Files.writeString(
        repository.resolve("kustomization.yaml"),
        "resources: [platform.yaml]\ncomponents: [mesh-setup]\n");
    Files.createDirectory(repository.resolve("mesh-setup"));
    // A patch of an object that is not in the repository does nothing.
    String absent = component.replaceAll("(?s).*?\n(- target:.*?)\n- target:.*", "$1\n");
    Files.writeString(
        repository.resolve("mesh-setup/kustomization.yaml"),
        component + absent.replaceAll("name: \"[^\"]+\"", "name: \"absent\""));
  }

  private static String patches(String component) {
    return component.lines().filter(line -> !line.startsWith("#")).collect(Collectors.joining());
  }

  private Stream<String> namespaces() {
    return Stream.of(platform.openfaas(), platform.functions());
  }

  private String manifests() {
    KubernetesClient admin = platform.admin();
    List<HasMetadata> all = new ArrayList<>();
    namespaces()
        .forEach(
            name -> {
              all.add(admin.namespaces().withName(name).get());
              all.addAll(admin.apps().deployments().inNamespace(name).list().getItems());
              all.addAll(admin.services().inNamespace(name).list().getItems());
              all.addAll(admin.network().v1().ingresses().inNamespace(name).list().getItems());
            });
    return all.stream().map(PatchIT::manifest).collect(Collectors.joining("---\n"));
  }

  /** As somebody would have written it: nothing of what the API server adds. */
  private static String manifest(HasMetadata object) {
    ObjectMeta metadata = object.getMetadata();
    metadata.setUid(null);
    metadata.setResourceVersion(null);
    metadata.setGeneration(null);
    metadata.setCreationTimestamp(null);
    metadata.setManagedFields(null);
    metadata.getAnnotations().remove("deployment.kubernetes.io/revision");
    String yaml = Serialization.asYaml(object).replaceFirst("(?ms)^status:.*\\z", "");
    return yaml.startsWith("---\n") ? yaml.substring(4) : yaml;
  }

  /** But for what mesh-setup and kubectl note about their own work. */
  private Map<String, String> objects() {
    Map<String, String> objects = new TreeMap<>();
    FaultScenario.on(platform)
        .objects()
        .forEach((name, yaml) -> objects.put(name, withoutNotes(yaml)));
    return objects;
  }

  private static String withoutNotes(String yaml) {
    HasMetadata object = (HasMetadata) Serialization.unmarshal(yaml, KubernetesResource.class);
    removeNotes(object.getMetadata());
    if (object instanceof Deployment) {
      removeNotes(((Deployment) object).getSpec().getTemplate().getMetadata());
    }
    return Serialization.asYaml(object);
  }

  private static void removeNotes(ObjectMeta metadata) {
    metadata
        .getAnnotations()
        .keySet()
        .removeIf(
            key ->
                key.startsWith("mesh-setup.openfaas.com/")
                    || key.equals("kubectl.kubernetes.io/last-applied-configuration"));
  }

  private void kubectl(String... arguments) throws IOException, InterruptedException {
    Process path = new ProcessBuilder("../build/lab/lab", "kubectl").start();
    List<String> command = new ArrayList<>();
    command.add(new String(path.getInputStream().readAllBytes(), UTF_8).trim());
    command.addAll(List.of("--kubeconfig", platform.cluster().admin.getFile().toString()));
    command.addAll(List.of(arguments));
    Path log = repository.resolve("kubectl.log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    assertThat(process.waitFor()).as(Files.readString(log)).isZero();
  }
}
