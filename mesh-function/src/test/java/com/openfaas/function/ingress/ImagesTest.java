package com.openfaas.function.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which controller a container's image tells. */
class ImagesTest {
  /** Images as they are found in clusters, with the id of the one profile that knows each. */
  private static final Map<String, List<String>> IMAGES =
      Map.ofEntries(
          Map.entry(
              "ingress-nginx",
              List.of(
                  "registry.k8s.io/ingress-nginx/controller:v1.13.2@sha256:1f7eaeb01933e719c8a9f4acd8181e555e582330c7d50f24484fb64d2ba9b2ef",
                  "registry.k8s.io/ingress-nginx/controller-chroot:v1.12.1",
                  "quay.io/kubernetes-ingress-controller/nginx-ingress-controller:0.26.1",
                  "rancher/nginx-ingress-controller:v1.12.4-hardened2",
                  "mirror.example:5000/k8s/ingress-nginx/controller")),
          Map.entry(
              "f5-nginx",
              List.of(
                  "nginx/nginx-ingress:5.1.0",
                  "docker.io/nginxinc/nginx-ingress@sha256:8d5a",
                  "private-registry.nginx.com/nginx-ic/nginx-plus-ingress:3.7.2")),
          Map.entry(
              "traefik",
              List.of(
                  "traefik:v3.5.0",
                  "docker.io/traefik:3.6",
                  "traefik",
                  "traefik@sha256:0a1b",
                  "rancher/mirrored-library-traefik:3.3.6",
                  "registry.example:5000/library/traefik:latest")),
          Map.entry(
              "traefik-2",
              List.of("traefik:v2.11.2", "rancher/mirrored-library-traefik:2.10.5", "traefik:2")),
          Map.entry("traefik-1", List.of("traefik:1.7-alpine", "docker.io/traefik:v1.7.34")),
          Map.entry("kong", List.of("kong:3.9", "kong/kong-gateway:3.11", "docker.io/kong/kong")),
          Map.entry(
              "contour",
              List.of("docker.io/envoyproxy/envoy:distroless-v1.35.2", "bitnami/envoy:1.31.0")),
          Map.entry(
              "haproxy",
              List.of(
                  "haproxytech/kubernetes-ingress:3.1.7",
                  "docker.io/haproxytech/kubernetes-ingress@sha256:77aa")),
          Map.entry("haproxy-ingress", List.of("quay.io/jcmoraisjr/haproxy-ingress:v0.15.0")),
          Map.entry(
              "emissary",
              List.of(
                  "docker.io/emissaryingress/emissary:3.9.1",
                  "datawire/aes:3.9",
                  "quay.io/datawire/ambassador:1.14.4")),
          Map.entry("gloo", List.of("quay.io/solo-io/gloo-envoy-wrapper:1.19.4")),
          Map.entry("enroute", List.of("saarasio/enroute-gwi:v0.12.0")),
          Map.entry("ngrok", List.of("docker.io/ngrok/ngrok-operator:0.19.0")),
          Map.entry("istio", List.of("docker.io/istio/proxyv2:1.27.1")),
          Map.entry(
              "cilium", List.of("quay.io/cilium/cilium-envoy:v1.34.7-1757592137@sha256:9aa2")),
          Map.entry(
              "unknown",
              List.of(
                  "nginx:1.29",
                  "nginxinc/nginx-unprivileged",
                  "haproxy:3.2",
                  "ghcr.io/openfaas/gateway:0.27.12",
                  "kong/kubernetes-ingress-controller:3.5",
                  "ghcr.io/projectcontour/contour:v1.33.0",
                  "quay.io/solo-io/gloo:1.19.4",
                  "registry.example/traefik/whoami:v1.10",
                  "registry.example/ingress-nginx/controller/backup:v1",
                  "my-traefik:v3",
                  "")));

  @Test
  void eachImageTellsOneProfile() {
    IMAGES.forEach(
        (id, images) ->
            images.forEach(
                image ->
                    assertThat(
                            ControllerProfile.TABLE.stream()
                                .filter(profile -> profile.isImage(image))
                                .map(profile -> profile.id))
                        .as(image)
                        .isEqualTo(id.equals("unknown") ? List.of() : List.of(id))));
    IMAGES.forEach(
        (id, images) ->
            images.forEach(
                image -> assertThat(ControllerProfile.ofImage(image).id).as(image).isEqualTo(id)));
  }

  @Test
  void everyControllerThatIsMeshedIsFoundByAnImageInSomeNamespace() {
    for (ControllerProfile profile : ControllerProfile.TABLE) {
      if (!profile.mode.isEmpty()) {
        assertThat(IMAGES).as("images of").containsKey(profile.id);
        assertThat(profile.namespaces).as(profile.id).isNotEmpty();
      }
    }
  }
}
