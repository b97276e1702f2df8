package com.openfaas.function;

import com.openfaas.function.report.Formats;
import com.openfaas.function.report.Outcome;
import com.openfaas.function.report.Report;
import com.openfaas.function.request.Action;
import com.openfaas.function.request.Answering;
import com.openfaas.function.request.Answering.Format;
import com.openfaas.model.IResponse;
import com.openfaas.model.Response;
import java.util.List;
import java.util.Map;

/**
 * Turns a report, or a refusal, into an HTTP response. Content-Type is always set: the gateway
 * would echo the request's.
 */
final class Answers {
  /** How often, in seconds, a browser reloads a status that shows a pending run. */
  private static final String REFRESH_SECONDS = "5";

  private Answers() {}

  static IResponse report(Report report, Answering answering, long retryAfterSeconds) {
    // Prometheus discards the samples of a failed scrape; here the outcome is one of the samples.
    boolean figures = answering.success == Format.METRICS;
    boolean success = figures || report.outcome.isSuccess();
    Format format = success ? answering.success : answering.failure;
    int status = figures ? 200 : report.outcome.status;
    IResponse response = response(status, Formats.body(report, format, answering.width), format);
    if (report.outcome == Outcome.BUSY) {
      response.setHeader("Retry-After", String.valueOf(retryAfterSeconds));
    }
    boolean read = format == Format.HTML || format == Format.TEXT;
    boolean observes = report.run.action.equals(Action.STATUS.toString());
    if (read && observes && report.underWay != null) {
      response.setHeader("Refresh", REFRESH_SECONDS);
    }
    return response;
  }

  static IResponse refusal(
      int status, List<String> faults, Map<String, String> headers, Format format) {
    Format shown = format == Format.JSON ? Format.JSON : Format.TEXT;
    IResponse response = response(status, Formats.refusal(status, faults, shown), shown);
    headers.forEach(response::setHeader);
    return response;
  }

  private static IResponse response(int status, String body, Format format) {
    Response response = new Response();
    response.setStatusCode(status);
    response.setBody(body);
    response.setContentType(format.contentType);
    response.setHeader("Cache-Control", "no-store");
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("Content-Security-Policy", Formats.contentSecurityPolicy(format));
    return response;
  }
}
