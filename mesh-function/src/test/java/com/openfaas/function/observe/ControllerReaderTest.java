package com.openfaas.function.observe;

import static com.openfaas.function.observe.CannedPlatform.deployment;
import static com.openfaas.function.observe.CannedPlatform.running;
import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Traffic.RouteView;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Which workload a route's controller is, and what is said where it cannot be told. */
class ControllerReaderTest {
  private static final String NGINX = "registry.k8s.io/ingress-nginx/controller:v1.12.1";
  private static final String TRAEFIK = "docker.io/library/traefik:v3.5.0";

  private CannedPlatform platform;

  @BeforeEach
  void aPlatformWithARoute() throws IOException {
    platform = new CannedPlatform();
    classes("edge");
    ingresses("nginx");
  }

  @AfterEach
  void end() {
    platform.close();
  }

  @Test
  void byItsImageWhereHelmHasInstalledItsClass() throws Exception {
    platform.holds("edge", deployment("default-backend"), running("nginx-controller", NGINX));

    Platform seen = platform.observe(Map.of());

    assertThat(subjects(seen)).containsExactly("deployment edge/nginx-controller");
    assertThat(seen.workloads.stream().filter(w -> w.role.toString().equals("ingress")))
        .extracting(workload -> workload.subject())
        .containsExactly("deployment edge/nginx-controller");
    assertThat(seen.namespaceOf(seen.ingress.routes.get(0).controller).name).isEqualTo("edge");
    assertThat(seen.ingress.unread).isEmpty();
  }

  @Test
  void aDaemonSetToo() throws Exception {
    platform.holds("edge", deployment("default-backend"));
    platform.daemonSets("edge", running("nginx-controller", NGINX));

    assertThat(subjects(platform.observe(Map.of())))
        .containsExactly("daemonset edge/nginx-controller");
  }

  @Test
  void withoutHelmsWordWhereItUsuallyRunsOrInDefault() throws Exception {
    classes("");
    platform.holds("default", running("nginx-controller", NGINX));

    assertThat(subjects(platform.observe(Map.of())))
        .containsExactly("deployment default/nginx-controller");
    assertThat(platform.api.asked())
        .as("a namespace that is not there is not asked for")
        .noneMatch(path -> path.contains("/ingress-nginx/"));
  }

  @Test
  @DisplayName("mesh_ingress_controller: whatever its image, and nowhere else")
  void thePolicysWordWins() throws Exception {
    platform.holds("edge", running("own", "registry.local/our-nginx:1"), running("other", NGINX));

    Platform seen = platform.observe(Map.of("mesh_ingress_controller", "edge/own"));

    assertThat(subjects(seen)).containsExactly("deployment edge/own");
    assertThat(platform.api.asked()).noneMatch(path -> path.contains("namespaces/default/"));
  }

  @Test
  void aControllerThePolicyNamesIsNotThatOfARouteOfAnotherClass() throws Exception {
    ingresses("nginx", "traefik");
    platform.holds("edge", running("nginx-controller", NGINX));

    Platform seen = platform.observe(Map.of("mesh_ingress_controller", "edge/nginx-controller"));

    assertThat(subjects(seen)).containsExactly("deployment edge/nginx-controller", "none");
    assertThat(problems(seen)).containsExactly("ingress_controller_not_found");
  }

  @Test
  void twoRoutesThroughOneControllerAreReadOnce() throws Exception {
    platform.holds("edge", running("nginx-controller", NGINX));
    int one = platform.requests(Map.of());
    ingresses("nginx", "nginx");

    assertThat(platform.requests(Map.of())).isEqualTo(one);
    assertThat(subjects(platform.observe(Map.of())))
        .containsExactly("deployment edge/nginx-controller", "deployment edge/nginx-controller");
  }

  @Test
  void twoControllersOfTwoClasses() throws Exception {
    ingresses("nginx", "traefik");
    platform.holds("edge", running("nginx-controller", NGINX));
    platform.holds("default", running("traefik", TRAEFIK));

    Platform seen = platform.observe(Map.of());

    assertThat(subjects(seen))
        .containsExactly("deployment edge/nginx-controller", "deployment default/traefik");
    assertThat(seen.ingress.unread).isEmpty();
  }

  @Test
  @DisplayName("two of one image in a namespace: which serves the route is not ours to guess")
  void twoOfTheSameImageAreAmbiguous() throws Exception {
    platform.holds("edge", running("inner", NGINX), running("outer", NGINX));

    Platform seen = platform.observe(Map.of());

    assertThat(subjects(seen)).containsExactly("none");
    assertThat(seen.workloads).noneMatch(w -> w.role.toString().equals("ingress"));
    assertThat(seen.ingress.unread)
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.code).isEqualTo("ingress_controller_ambiguous");
              assertThat(problem.message).endsWith("could be its controller: inner, outer");
              assertThat(problem.hint)
                  .startsWith(
                      "kubectl get deployments,daemonsets -A -o wide; name it by"
                          + " mesh_ingress_controller");
            });
    assertThat(subjects(platform.observe(Map.of("mesh_ingress_controller", "edge/outer"))))
        .containsExactly("deployment edge/outer");
  }

  @Test
  void oneThatIsNowhereIsAProblemThatSaysWhereItWasLookedFor() throws Exception {
    platform.holds("edge", deployment("default-backend"));

    Platform seen = platform.observe(Map.of());

    assertThat(subjects(seen)).containsExactly("none");
    assertThat(seen.ingress.unread)
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.code).isEqualTo("ingress_controller_not_found");
              assertThat(problem.subject).isEqualTo("ingress openfaas/to-nginx-0");
              assertThat(problem.message).endsWith("was found in edge, default");
            });
  }

  @Test
  void aNamespaceThatMayNotBeReadIsAProblemThatSaysWhatToApply() throws Exception {
    platform.api.refuses("/apis/apps/v1/namespaces/edge/deployments", 403);

    assertThat(platform.observe(Map.of()).ingress.unread)
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.code).isEqualTo("forbidden");
              assertThat(problem.message).endsWith("cannot be read: list deployments in edge");
              assertThat(problem.hint)
                  .contains("kubectl get rolebindings", "mesh_ingress_controller");
            });
  }

  @Test
  void aNamespaceThatMayNotBeReadDoesNotMatterWhereItIsFoundElsewhere() throws Exception {
    platform.api.refuses("/apis/apps/v1/namespaces/edge/deployments", 403);
    platform.holds("default", running("nginx-controller", NGINX));

    Platform seen = platform.observe(Map.of());

    assertThat(subjects(seen)).containsExactly("deployment default/nginx-controller");
    assertThat(seen.ingress.unread).isEmpty();
  }

  @Test
  void aLoadBalancerOfTheCloudIsNotLookedFor() throws Exception {
    platform.has(
        "ingressclasses", "{metadata: {name: gce}, spec: {controller: k8s.io/ingress-gce}}");
    ingresses("gce");

    Platform seen = platform.observe(Map.of());

    assertThat(subjects(seen)).containsExactly("none");
    assertThat(seen.ingress.unread).isEmpty();
    assertThat(platform.api.asked()).noneMatch(path -> path.contains("namespaces/default/"));
  }

  private void classes(String release) {
    platform.has(
        "ingressclasses",
        "{metadata: {name: nginx, annotations: {meta.helm.sh/release-namespace: '"
            + release
            + "'}}, spec: {controller: k8s.io/ingress-nginx}}",
        "{metadata: {name: traefik}, spec: {controller: traefik.io/ingress-controller}}");
  }

  private void ingresses(String... classes) {
    String[] ingresses = new String[classes.length];
    for (int i = 0; i < classes.length; i++) {
      ingresses[i] =
          String.format(
              "{metadata: {name: to-%s-%d}, spec: {ingressClassName: %s,"
                  + " defaultBackend: {service: {name: gateway, port: {number: 8080}}}}}",
              classes[i], i, classes[i]);
    }
    platform.has("ingresses", ingresses);
  }

  private static List<String> subjects(Platform seen) {
    return seen.ingress.routes.stream()
        .map((RouteView route) -> route.controller)
        .map(controller -> controller == null ? "none" : controller.subject())
        .collect(Collectors.toList());
  }

  private static List<String> problems(Platform seen) {
    return seen.ingress.unread.stream()
        .map((Problem problem) -> problem.code)
        .collect(Collectors.toList());
  }
}
