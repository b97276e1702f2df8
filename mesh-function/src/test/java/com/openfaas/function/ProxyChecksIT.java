package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.Caller.Answer;
import com.openfaas.function.lab.AuditLog;
import com.openfaas.function.lab.Change;
import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.LinkerdControlPlane;
import com.openfaas.function.lab.TestPlatform;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricTarget;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricTargetBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobBuilder;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ClusterExtension.class)
@TestMethodOrder(OrderAnnotation.class)
@DisplayName("CronJobs without native sidecars, and autoscalers by CPU")
class ProxyChecksIT {
  private static final String OPT_OUT = "linkerd.io/inject";
  private static TestPlatform platform;
  private static Caller caller;

  @BeforeAll
  static void install(TestPlatform installed) {
    platform = installed.installOpenFaas();
    platform.linkerd().install(LinkerdControlPlane.usualConfig().nativeSidecar(false));
    cronJob("report", Map.of());
    cronJob("quiet", Map.of(OPT_OUT, "disabled"));
    cronJob("native", Map.of("config.linkerd.io/proxy-enable-native-sidecar", "true"));
    autoscaler(
        "gateway",
        new MetricTargetBuilder().withType("Utilization").withAverageUtilization(80).build());
    autoscaler(
        "queue-worker",
        new MetricTargetBuilder().withType("AverageValue").withNewAverageValue("100m").build());
    platform.awaitSettled();
    caller = new Caller(platform);
  }

  @Test
  @Order(1)
  void bothAreToldBeforeAnythingIsAnnotated() {
    Answer plan = caller.get("action=plan");

    assertThat(plan.outcome()).as(plan.body).isEqualTo("planned");
    assertThat(plan.checks())
        .containsEntry("cron-jobs", "warn")
        .containsEntry("autoscaler", "warn");
    assertThat(plan.check("cron-jobs"))
        .contains("cronjob " + platform.functions() + "/report: once the namespace asks")
        .contains("kubectl -n " + platform.functions() + " patch cronjob report -p '");
    assertThat(plan.check("autoscaler"))
        .contains("horizontalpodautoscaler " + platform.openfaas() + "/gateway scales deployment ")
        .contains(
            "kubectl annotate namespace "
                + platform.openfaas()
                + " config.linkerd.io/proxy-cpu-request=100m");
  }

  @Test
  @Order(2)
  void whatTheHintsSayEndsBoth() {
    platform
        .admin()
        .batch()
        .v1()
        .cronjobs()
        .inNamespace(platform.functions())
        .withName("report")
        .patch(
            "{\"spec\":{\"jobTemplate\":{\"spec\":{\"template\":{\"metadata\":{\"annotations\":"
                + "{\"linkerd.io/inject\":\"disabled\"}}}}}}}");
    platform
        .admin()
        .namespaces()
        .withName(platform.openfaas())
        .edit(Change.namespaceAnnotated("config.linkerd.io/proxy-cpu-request", "100m"));

    assertThat(caller.get("action=plan").checks()).doesNotContainKeys("cron-jobs", "autoscaler");
  }

  @Test
  @Order(3)
  void nobodyAsksForThemWhereNothingIsToBeDone() {
    assertThat(caller.apply().outcome()).isEqualTo("changed");
    platform.awaitSettled();
    AuditLog audit = new AuditLog(platform);
    audit.forget();
    Answer again = caller.apply();

    assertThat(again.outcome()).as(again.body).isEqualTo("meshed");
    assertThat(audit.requests())
        .noneMatch(request -> request.resource.matches("cronjobs|horizontalpodautoscalers"));
  }

  private static void cronJob(String name, Map<String, String> annotations) {
    platform
        .admin()
        .resource(
            new CronJobBuilder()
                .withNewMetadata()
                .withNamespace(platform.functions())
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withSchedule("0 3 * * *")
                .withNewJobTemplate()
                .withNewSpec()
                .withNewTemplate()
                .withNewMetadata()
                .withAnnotations(annotations)
                .endMetadata()
                .withNewSpec()
                .withRestartPolicy("Never")
                .addNewContainer()
                .withName("main")
                .withImage("example.org/report:1")
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .endJobTemplate()
                .endSpec()
                .build())
        .create();
  }

  private static void autoscaler(String deployment, MetricTarget cpu) {
    platform
        .admin()
        .resource(
            new HorizontalPodAutoscalerBuilder()
                .withNewMetadata()
                .withNamespace(platform.openfaas())
                .withName(deployment)
                .endMetadata()
                .withNewSpec()
                .withNewScaleTargetRef("apps/v1", "Deployment", deployment)
                .withMinReplicas(1)
                .withMaxReplicas(1)
                .addNewMetric()
                .withType("Resource")
                .withNewResource()
                .withName("cpu")
                .withTarget(cpu)
                .endResource()
                .endMetric()
                .endSpec()
                .build())
        .create();
  }
}
