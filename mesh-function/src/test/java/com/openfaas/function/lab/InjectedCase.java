package com.openfaas.function.lab;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A file of src/test/resources/lab/injected: a pod as far as the injector cares, before and after.
 */
final class InjectedCase {
  public String namespace;
  public Shape given;
  public Shape expected;

  static InjectedCase read(String file) {
    return Serialization.unmarshal(
        Manifests.text("injected/" + file, Map.of()), InjectedCase.class);
  }

  /** What of a pod the cases tell. */
  static final class Shape {
    public List<String> initContainers = List.of();
    public List<String> containers = List.of();
    public List<Integer> ports = List.of();
    public String initArguments = "";
    public Map<String, String> annotations = new TreeMap<>();

    Pod toPod(String namespace) {
      return new PodBuilder()
          .withNewMetadata()
          .withGenerateName("nodeinfo-5857dd6d4c-")
          .withNamespace(namespace)
          .addToLabels("faas_function", "nodeinfo")
          .withAnnotations(annotations)
          .endMetadata()
          .withNewSpec()
          .withInitContainers(containers(initContainers, List.of()))
          .withContainers(containers(containers, ports))
          .endSpec()
          .build();
    }

    /** Without the annotations that name a version or a fingerprint. */
    static Shape of(Pod pod) {
      Shape shape = new Shape();
      shape.initContainers = names(pod.getSpec().getInitContainers());
      shape.containers = names(pod.getSpec().getContainers());
      shape.initArguments =
          pod.getSpec().getInitContainers().stream()
              .filter(container -> container.getName().equals("linkerd-init"))
              .map(container -> String.join(" ", container.getArgs()))
              .collect(Collectors.joining());
      shape.annotations = new TreeMap<>(pod.getMetadata().getAnnotations());
      shape
          .annotations
          .keySet()
          .removeAll(
              List.of(
                  "linkerd.io/created-by",
                  "linkerd.io/proxy-version",
                  "linkerd.io/trust-root-sha256"));
      return shape;
    }

    private static List<Container> containers(List<String> names, List<Integer> ports) {
      return names.stream()
          .map(
              name ->
                  new ContainerBuilder()
                      .withName(name)
                      .withImage("example.com/" + name)
                      .withPorts(
                          ports.stream()
                              .map(
                                  port ->
                                      new ContainerPortBuilder().withContainerPort(port).build())
                              .collect(Collectors.toList()))
                      .build())
          .collect(Collectors.toList());
    }

    private static List<String> names(List<Container> containers) {
      return containers.stream().map(Container::getName).collect(Collectors.toList());
    }
  }
}
