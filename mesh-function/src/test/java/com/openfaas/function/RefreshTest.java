package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.plan.Given;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.report.Report;
import com.openfaas.function.report.RunRecord;
import com.openfaas.function.report.UnderWay;
import com.openfaas.function.request.Action;
import com.openfaas.function.request.Answering;
import com.openfaas.function.request.Asked;
import com.openfaas.function.request.Invocation;
import com.openfaas.function.request.Invocation.Part;
import com.openfaas.model.IResponse;
import com.openfaas.model.Request;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("What an answer's headers say of a run that is under way")
class RefreshTest {
  private static final String PROGRESS =
      "{\"id\":\"pod/call\",\"since\":\"2026-09-01T12:00:00Z\",\"wave\":\"functions\",\"at\":3,"
          + "\"waves\":5,\"done\":2,\"total\":6,\"failed\":[]}";

  @ParameterizedTest(name = "{0} as {1}, under way: {2}")
  @CsvSource({
    "STATUS, html, true, 5",
    "STATUS, text, true, 5",
    "STATUS, json, true,",
    "STATUS, metrics, true,",
    "STATUS, html, false,",
    "STATUS, text, false,",
    "PLAN, html, true,",
    "VERIFY, html, true,"
  })
  @DisplayName("a browser asks again every few seconds while one is, and not otherwise")
  void aStatusIsAskedForAnewWhileARunIsUnderWay(
      Action action, String format, boolean underWay, String seconds) {
    RunRecord record = record(action);
    record.underWay = UnderWay.fromJson(underWay ? PROGRESS : null);

    assertThat(answer(record, format).getHeader("Refresh")).isEqualTo(seconds);
  }

  @ParameterizedTest
  @CsvSource({"true, 9", "false,"})
  void aBusyCallerIsToldWhenToComeBack(boolean busy, String seconds) {
    RunRecord record = record(Action.APPLY);
    record.underWay = UnderWay.fromJson(PROGRESS);
    record.busy = busy ? new Problem("busy", "lease mesh-setup", "another's", "try again") : null;
    record.retryAfterSeconds = 9;

    IResponse answer = answer(record, "html");

    assertThat(answer.getHeader("Retry-After")).isEqualTo(seconds);
    assertThat(answer.getHeader("Refresh")).as("an apply is not sent again").isNull();
  }

  private static RunRecord record(Action action) {
    return new RunRecord(
        new Invocation(action, Set.of(Part.values()), List.of(), 50, null), Given.policy(Map.of()));
  }

  private static IResponse answer(RunRecord record, String format) {
    Report report =
        new Report(
            new Report.Run(
                "8f2c", record.invocation.action.toString(), "1", "2026-09-01T12:00:00Z", 7, 50, 1),
            record);
    Answering answering = Answering.of(Asked.of(new Request("", Map.of(), "format=" + format, "")));
    return Handler.answer(report, answering, record.retryAfterSeconds);
  }
}
