package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.Caller.Answer;
import com.openfaas.function.lab.AuditLog;
import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.TestPlatform;
import com.openfaas.function.platform.Annotations;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ClusterExtension.class)
@DisplayName("OpenFaaS installed by arkade: both namespaces annotated before Linkerd was there")
class LaterLinkerdIT {
  /** As OpenFaaS' namespaces.yml has them. */
  private static final Map<String, String> ANNOTATIONS =
      Map.of(
          "linkerd.io/inject", "enabled",
          "config.linkerd.io/skip-inbound-ports", "4222",
          "config.linkerd.io/skip-outbound-ports", "4222");

  @Test
  void restartsWhatHasNoProxyAndChangesNothingElse(TestPlatform platform) {
    for (String namespace : List.of(platform.openfaas(), platform.functions())) {
      platform
          .admin()
          .namespaces()
          .withName(namespace)
          .edit(
              ns ->
                  new NamespaceBuilder(ns)
                      .editMetadata()
                      .addToAnnotations(ANNOTATIONS)
                      .endMetadata()
                      .build());
    }
    platform.installOpenFaas();
    platform.awaitSettled();
    platform.linkerd().install();
    platform.awaitSettled();
    Caller caller = new Caller(platform);
    AuditLog audit = new AuditLog(platform);

    Answer apply = caller.apply();
    platform.awaitSettled();

    assertThat(apply.outcome()).as(apply.body).isEqualTo("changed");
    for (String name : List.of("nodeinfo", "figlet", "queue-worker")) {
      assertThat(apply.change(name)).as(name).isEqualTo("restarted");
    }
    for (String name : List.of("gateway", "mesh-setup")) {
      assertThat(apply.change(name)).as(name).isEqualTo("deferred");
    }
    assertThat(audit.writes()).noneMatch(write -> write.startsWith("patch namespaces"));
    assertThat(platform.templateAnnotations(platform.openfaas(), "gateway"))
        .containsKey(Annotations.RESTARTED_AT)
        .doesNotContainKeys(Annotations.INJECT, Annotations.SKIP_OUTBOUND_PORTS);
    assertThat(caller.apply().outcome()).isEqualTo("meshed");
  }
}
