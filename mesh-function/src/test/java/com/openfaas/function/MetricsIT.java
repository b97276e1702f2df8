package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.Caller.Answer;
import com.openfaas.function.lab.AuditLog;
import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.TestPlatform;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ClusterExtension.class)
@DisplayName("Figures of a real platform, as Prometheus gets them")
class MetricsIT {
  @Test
  void costAsMuchAsAStatusAndTellOfTheLastRun(TestPlatform platform) {
    FaultScenario scenario = FaultScenario.fresh(platform);
    Caller caller = new Caller(platform);
    String before = caller.get("format=metrics").body;
    assertThat(before)
        .contains("role=\"gateway\",state=\"unmeshed\"} 1\n")
        .doesNotContain("last_run_timestamp_seconds");
    long began = Instant.now().getEpochSecond();

    scenario.endsMeshed(caller);

    AuditLog audit = new AuditLog(platform);
    audit.forget();
    Answer status = caller.get("");
    int requests = audit.requests().size();
    audit.forget();
    Answer figures = caller.get("format=metrics");
    assertThat(status.requests()).isEqualTo(requests);
    assertThat(audit.requests()).as("without that for earlier runs").hasSize(requests - 1);
    assertThat(figures.body).contains("role=\"gateway\",state=\"meshed\"} 1\n");
    String last = "mesh_setup_last_run_timestamp_seconds{action=\"apply\",outcome=\"";
    String ran = figures.body.substring(figures.body.indexOf(last)).split("\n", 2)[0];
    assertThat(ran).matches(".*outcome=\"(meshed|changed)\"} [0-9]+");
    assertThat(Long.parseLong(ran.replaceFirst(".* ", ""))).isGreaterThanOrEqualTo(began);
  }
}
