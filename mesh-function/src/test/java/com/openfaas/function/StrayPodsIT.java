package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.Caller.Answer;
import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.FunctionPods;
import com.openfaas.function.lab.TestPlatform;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ClusterExtension.class)
@DisplayName("Pods that have a workload's labels and are none of its ReplicaSets'")
class StrayPodsIT {
  @Test
  @DisplayName("are told once each, and make no apply restart anything")
  void changeNothing(TestPlatform installed) {
    TestPlatform platform = installed.installWithLinkerd();
    Caller caller = new Caller(platform);
    assertThat(caller.apply().outcome()).isEqualTo("changed");
    platform.awaitSettled();
    stray(platform, platform.openfaas(), "strange", Map.of("app", "gateway"));
    stray(platform, platform.functions(), "job-of-figlet", Map.of("faas_function", "figlet"));
    Map<String, String> gateway = platform.templateAnnotations(platform.openfaas(), "gateway");
    Map<String, String> figlet = platform.templateAnnotations(platform.functions(), "figlet");

    Answer again = caller.apply();

    assertThat(again.outcome()).as(again.body).isEqualTo("meshed");
    assertThat(again.findings()).filteredOn("stray_pod"::equals).hasSize(2);
    assertThat(again.body).contains("strange").contains("job-of-figlet");
    assertThat(platform.templateAnnotations(platform.openfaas(), "gateway")).isEqualTo(gateway);
    assertThat(platform.templateAnnotations(platform.functions(), "figlet")).isEqualTo(figlet);
  }

  private static void stray(
      TestPlatform platform, String namespace, String name, Map<String, String> labels) {
    Pod pod =
        new PodBuilder(FunctionPods.stray(namespace, name))
            .editMetadata()
            .withLabels(labels)
            .addToAnnotations("linkerd.io/inject", "disabled")
            .endMetadata()
            .build();
    platform.admin().resource(pod).create();
    Awaitility.await().until(() -> platform.admin().resource(pod).isReady());
  }
}
