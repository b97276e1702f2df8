package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.platform.Problem;
import com.openfaas.function.policy.PolicyReader;
import com.openfaas.function.report.Report;
import com.openfaas.function.report.RunRecord;
import com.openfaas.function.request.Action;
import com.openfaas.function.request.Answering;
import com.openfaas.function.request.Asked;
import com.openfaas.function.request.Invocation;
import com.openfaas.model.IResponse;
import com.openfaas.model.Request;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class HandlerTest {
  @Test
  @DisplayName("Prometheus drops the figures of a failure, so metrics of a bad state are a success")
  void metricsOfAFailureAreASuccess() throws Exception {
    IResponse answer = answer("metrics");

    assertThat(answer.getStatusCode()).isEqualTo(200);
    assertThat(answer.getContentType())
        .isEqualTo("application/openmetrics-text; version=1.0.0; charset=utf-8");
    assertThat(answer.getBody())
        .contains("mesh_setup_outcome{action=\"status\",outcome=\"failed\"} 1")
        .contains("mesh_setup_findings{severity=\"error\"} 1");
  }

  @Test
  void everyOtherFormOfAFailureIsOne() throws Exception {
    for (String format : List.of("json", "text", "html")) {
      assertThat(answer(format).getStatusCode()).as(format).isEqualTo(500);
    }
  }

  private static IResponse answer(String format) throws Exception {
    Invocation status = new Invocation(Action.STATUS, Set.of(), List.of(), 50, null);
    RunRecord record = new RunRecord(status, PolicyReader.read(Map.of()));
    record.problem = new Problem("unexpected", "mesh-setup", "it broke", "report it");
    Report.Run run = new Report.Run("id", "status", "dev", "2026-09-01T12:00:00Z", 1, 50_000, 3);
    Request request = new Request("", Map.of(), "format=" + format, "");
    return Handler.answer(new Report(run, record), Answering.of(Asked.of(request)), 0);
  }
}
