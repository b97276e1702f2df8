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
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ClusterExtension.class)
@DisplayName("CronJobs without native sidecars, and autoscalers by CPU")
class ProxyChecksIT {
  private static final String OPT_OUT = "linkerd.io/inject";

  private static TestPlatform platform;
  private static Caller caller;

  private static Answer plan;
  private static Answer afterTheHints;
  private static Answer first;
  private static Answer again;
  private static List<AuditLog.Request> requests;

  @BeforeAll
  static void tell(TestPlatform installed) {
    install(installed);
    plan = caller.get("action=plan");
    doWhatTheHintsSay();
    afterTheHints = caller.get("action=plan");

    first = caller.apply();
    platform.awaitSettled();
    AuditLog audit = new AuditLog(platform);
    again = caller.apply();
    requests = audit.requests();
  }

  private static void install(TestPlatform installed) {
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

  private static void doWhatTheHintsSay() {
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
  }

  @Test
  void bothAreToldBeforeAnythingIsAnnotated() {
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
  void whatTheHintsSayEndsBoth() {
    assertThat(afterTheHints.checks()).doesNotContainKeys("cron-jobs", "autoscaler");
  }

  @Test
  void nobodyAsksForThemWhereNothingIsToBeDone() {
    assertThat(first.outcome()).isEqualTo("changed");
    assertThat(again.outcome()).as(again.body).isEqualTo("meshed");
    assertThat(requests)
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
