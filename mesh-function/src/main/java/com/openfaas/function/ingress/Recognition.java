package com.openfaas.function.ingress;

import java.util.List;

/** What a controller is told by. */
final class Recognition {
  /** {@code spec.controller} of an IngressClass, {@code spec.controllerName} of a GatewayClass. */
  final List<String> controllers;

  /** Names of classes, as of {@code kubernetes.io/ingress.class} where there is no IngressClass. */
  final List<String> classes;

  private final List<ImageName> images;

  private Recognition(List<String> controllers, List<String> classes, List<ImageName> images) {
    this.controllers = controllers;
    this.classes = classes;
    this.images = images;
  }

  static Recognition byController(String... controllers) {
    return new Recognition(List.of(controllers), List.of(), List.of());
  }

  Recognition byClass(String... names) {
    return new Recognition(controllers, List.of(names), images);
  }

  Recognition byImage(ImageName... names) {
    return new Recognition(controllers, classes, List.of(names));
  }

  boolean isImage(String image) {
    return images.stream().anyMatch(name -> name.names(image));
  }
}
