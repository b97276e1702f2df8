package com.openfaas.function.lab;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Ports whose protocol the proxy does not look at. */
final class OpaquePorts {
  static final String ANNOTATION = "config.linkerd.io/opaque-ports";
  static final String DEFAULT = "25,587,3306,4444,5432,6379,9300,11211";

  private OpaquePorts() {}

  /**
   * The annotation that a pod or Service gets, meshed or not: its namespace's, else those of the
   * default list that it exposes. Its own stays.
   */
  static Optional<String> annotationFor(HasMetadata object, Map<String, String> namespace) {
    if (object.getMetadata().getAnnotations().containsKey(ANNOTATION)) {
      return Optional.empty();
    }
    if (namespace.containsKey(ANNOTATION)) {
      return Optional.of(namespace.get(ANNOTATION));
    }
    List<Integer> exposed = exposed(object);
    return Optional.of(
            Stream.of(DEFAULT.split(","))
                .filter(port -> exposed.contains(Integer.valueOf(port)))
                .collect(Collectors.joining(",")))
        .filter(ports -> !ports.isEmpty());
  }

  private static List<Integer> exposed(HasMetadata object) {
    if (object instanceof Service) {
      return ((Service) object)
          .getSpec().getPorts().stream().map(ServicePort::getPort).collect(Collectors.toList());
    }
    return ((Pod) object)
        .getSpec().getContainers().stream()
            .map(Container::getPorts)
            .flatMap(List::stream)
            .map(ContainerPort::getContainerPort)
            .collect(Collectors.toList());
  }
}
