package com.openfaas.function;

import com.openfaas.function.Runs.Call;
import com.openfaas.function.cluster.Connection;
import com.openfaas.function.cluster.Connection.ServerClock;
import com.openfaas.function.policy.Policy;
import com.openfaas.function.policy.PolicyReader;
import com.openfaas.function.policy.PolicyReader.PolicyException;
import com.openfaas.function.report.Formats;
import com.openfaas.function.report.Outcome;
import com.openfaas.function.report.Report;
import com.openfaas.function.report.RunRecord;
import com.openfaas.function.request.Action;
import com.openfaas.function.request.Answering;
import com.openfaas.function.request.Answering.Format;
import com.openfaas.function.request.Asked;
import com.openfaas.function.request.BadRequestException;
import com.openfaas.function.request.RequestReader;
import com.openfaas.function.request.Signing;
import com.openfaas.function.rollout.Limits.Budget;
import com.openfaas.model.AbstractHandler;
import com.openfaas.model.IRequest;
import com.openfaas.model.IResponse;
import com.openfaas.model.Response;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The function: reads the request, has {@link MeshSetup} run, and answers. It is constructed before
 * the server listens, so the constructor does no work of its own.
 *
 * <p>Closing it, as our template's entrypoint does on SIGTERM, ends every run at its next safe
 * point; the runs still answer.
 */
public class Handler extends AbstractHandler implements AutoCloseable {
  /** How long calls through a changed gateway must succeed, or fail, before that decides. */
  private static final Duration CONFIRMATION = Duration.ofSeconds(30);

  /** How often, in seconds, a browser reloads a status that shows a pending run. */
  private static final String REFRESH_SECONDS = "5";

  private static final Logger LOG = LoggerFactory.getLogger(Handler.class);

  private final Map<String, String> environment;
  private final Clock clock;
  private final ServerClock serverClock;
  private final Runs runs;

  public Handler() {
    this(System.getenv(), Clock.systemUTC());
    Runtime.getRuntime().addShutdownHook(new Thread(this::close, "close"));
    takeOver();
  }

  /** Confirms a gateway change that another process left unconfirmed, before any call arrives. */
  void takeOver() {
    runs.takeOver();
  }

  /** For an environment other than the process's own: a test's or a training run's. */
  public Handler(Map<String, String> environment, Clock clock) {
    this(environment, clock, CONFIRMATION);
  }

  Handler(Map<String, String> environment, Clock clock, Duration confirmation) {
    this.environment = environment;
    this.clock = clock;
    this.serverClock = new ServerClock(clock);
    this.runs = new Runs(environment, clock, serverClock, confirmation);
  }

  @Override
  public IResponse Handle(IRequest request) {
    Asked asked = Asked.of(request);
    Answering answering = Answering.of(asked);
    try {
      Policy policy = PolicyReader.read(environment);
      Supplier<byte[]> key = () -> Connection.secret(environment, Signing.SECRET);
      Signing signing = new Signing(key, policy.signedApply, serverClock.now());
      RequestReader reader = new RequestReader(policy.budgetSeconds, signing);
      RunRecord record = new RunRecord(reader.read(asked), policy);
      record.tellsRuns = answering.success != Format.METRICS;
      return answer(record, callId(asked), answering);
    } catch (BadRequestException e) {
      return refusal(e.status, e.faults, e.headers, answering.failure);
    } catch (PolicyException e) {
      LOG.error("invalid settings in stack.yml: {}", e.getMessage());
      return refusal(500, e.faults, Map.of(), answering.failure);
    } catch (RuntimeException e) {
      // The upstream entrypoint would drop the connection without an answer.
      LOG.error("unexpected", e);
      return refusal(500, List.of(Run.unexpected(e).message), Map.of(), answering.failure);
    }
  }

  @Override
  public void close() {
    runs.close();
  }

  private IResponse answer(RunRecord record, String callId, Answering answering)
      throws BadRequestException {
    Duration longest = Duration.ofSeconds(record.invocation.budgetSeconds);
    Call call =
        new Call(
            callId, clock.instant(), longest, new Budget(Call.waitOf(longest), System::nanoTime));
    try {
      RunRecord answer = runs.run(record, call);
      Report report = call.report(answer);
      LOG.info(Formats.logLine(report));
      return answer(report, answering, answer.retryAfterSeconds);
    } finally {
      call.answered();
    }
  }

  /** The gateway's id of the call; a generated one where it is missing or unsafe to print. */
  private static String callId(Asked asked) {
    String id = asked.header("X-Call-Id");
    return id != null && id.matches("[A-Za-z0-9_-]{1,64}") ? id : UUID.randomUUID().toString();
  }

  /** A report as an HTTP response. */
  static IResponse answer(Report report, Answering answering, long retryAfterSeconds) {
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

  private static IResponse refusal(
      int status, List<String> faults, Map<String, String> headers, Format format) {
    Format shown = format == Format.JSON ? Format.JSON : Format.TEXT;
    IResponse response = response(status, Formats.refusal(status, faults, shown), shown);
    headers.forEach(response::setHeader);
    return response;
  }

  /** Content-Type is always set: the gateway would echo the request's. */
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
