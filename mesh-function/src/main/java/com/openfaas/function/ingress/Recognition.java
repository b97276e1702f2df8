package com.openfaas.function.ingress;

import java.util.List;

/** What a controller is told by. */
final class Recognition {
  private final List<String> controllers;
  private final List<String> gateways;
  private final List<String> classes;
  private final List<ImageName> images;

  private Recognition(
      List<String> controllers,
      List<String> gateways,
      List<String> classes,
      List<ImageName> images) {
    this.controllers = controllers;
    this.gateways = gateways;
    this.classes = classes;
    this.images = images;
  }

  /** By {@code spec.controller} of an IngressClass; a class of its own may follow a slash. */
  static Recognition byController(String... names) {
    return new Recognition(List.of(names), List.of(), List.of(), List.of());
  }

  /** And by {@code spec.controllerName} of a GatewayClass. */
  Recognition byGateway(String... names) {
    return new Recognition(controllers, List.of(names), classes, images);
  }

  /** And by a class's name, where there is no IngressClass of that name. */
  Recognition byClass(String... names) {
    return new Recognition(controllers, gateways, List.of(names), images);
  }

  /** And by the image of its data plane. */
  Recognition byImage(ImageName... names) {
    return new Recognition(controllers, gateways, classes, List.of(names));
  }

  boolean isController(String name) {
    return controllers.stream()
        .anyMatch(known -> name.equals(known) || name.startsWith(known + "/"));
  }

  boolean isGateway(String name) {
    return gateways.contains(name);
  }

  boolean isClass(String name) {
    return classes.contains(name);
  }

  boolean isImage(String image) {
    return images.stream().anyMatch(name -> name.names(image));
  }

  boolean hasImage() {
    return !images.isEmpty();
  }
}
