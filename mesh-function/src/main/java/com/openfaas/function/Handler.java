package com.openfaas.function;

import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.cluster.Connection;
import com.openfaas.function.cluster.RunLease;
import com.openfaas.function.cluster.ServerClock;
import com.openfaas.function.observe.Self;
import com.openfaas.function.plan.Step;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.policy.Policy;
import com.openfaas.function.policy.PolicyException;
import com.openfaas.function.policy.PolicyReader;
import com.openfaas.function.report.Formats;
import com.openfaas.function.report.Report;
import com.openfaas.function.report.Reporter;
import com.openfaas.function.report.RunRecord;
import com.openfaas.function.request.Action;
import com.openfaas.function.request.Answering;
import com.openfaas.function.request.BadRequestException;
import com.openfaas.function.request.Headers;
import com.openfaas.function.request.RequestReader;
import com.openfaas.function.request.Signing;
import com.openfaas.function.rollout.Budget;
import com.openfaas.function.rollout.Limits;
import com.openfaas.function.verify.ProofClient;
import com.openfaas.model.AbstractHandler;
import com.openfaas.model.IRequest;
import com.openfaas.model.IResponse;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The function: reads the request, lets {@link MeshSetup} run, answers. Built before the server
 * listens, so it does nothing until it is called.
 *
 * <p>Closing it, as our template's entrypoint does on SIGTERM, ends every run at the next safe
 * point; the runs still answer.
 */
public class Handler extends AbstractHandler implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Handler.class);

  /** Of the budget, one part in ten is for the answer, and half of that for the last requests. */
  private static final int RESERVE = 10;

  /** How long a lease outlives the budget: what a put-back or a slow API server may take. */
  private static final Duration LEASE_MARGIN = Duration.ofSeconds(15);

  private final Map<String, String> environment;
  private final Clock clock;
  private final ServerClock serverClock;
  private final ProofClient proofClient = new ProofClient();
  private final RunningBudgets running = new RunningBudgets();
  private final ConcurrentRuns concurrent = new ConcurrentRuns();
  private KubernetesClient client;

  public Handler() {
    this(System.getenv(), Clock.systemUTC());
  }

  /** For another environment than the process' own: a test's, or that of a training run. */
  public Handler(Map<String, String> environment, Clock clock) {
    this.environment = environment;
    this.clock = clock;
    this.serverClock = new ServerClock(clock);
  }

  @Override
  public IResponse Handle(IRequest request) {
    Answering answering = Answering.of(request);
    try {
      Policy policy = PolicyReader.read(environment);
      Supplier<byte[]> key = () -> Connection.secret(environment, Signing.SECRET);
      Signing signing = new Signing(key, policy.signedApply, serverClock.now());
      RequestReader reader = new RequestReader(policy.budgetSeconds, signing);
      return answer(
          new RunRecord(reader.read(request), policy), policy, callId(request), answering);
    } catch (BadRequestException e) {
      return Answers.refusal(e.status, e.faults, e.headers, answering.failure);
    } catch (PolicyException e) {
      LOG.error("settings in stack.yml cannot be carried out: {}", e.getMessage());
      return Answers.refusal(500, e.faults, Map.of(), answering.failure);
    } catch (RuntimeException e) {
      // The upstream entrypoint would drop the connection without a word.
      LOG.error("unexpected", e);
      return Answers.refusal(500, List.of(unexpected(e).message), Map.of(), answering.failure);
    }
  }

  @Override
  public void close() {
    running.endAll();
  }

  private IResponse answer(RunRecord record, Policy policy, String callId, Answering answering)
      throws BadRequestException {
    Action action = record.invocation.action;
    Instant startedAt = clock.instant();
    Duration whole = Duration.ofSeconds(record.invocation.budgetSeconds);
    Budget budget = running.begin(whole.minus(whole.dividedBy(RESERVE)));
    try (ConcurrentRuns.Place place = concurrent.enter(action)) {
      int requests = run(record, policy, callId, new Limits(budget, policy), place);
      Report.Run run =
          new Report.Run(
              callId,
              action.toString(),
              version(),
              startedAt.toString(),
              budget.spent().toMillis(),
              whole.toMillis(),
              requests);
      Report report = Reporter.report(run, record);
      LOG.info(Formats.logLine(report));
      return Answers.report(report, answering, record.retryAfterSeconds);
    } finally {
      running.finished(budget);
    }
  }

  /** Runs, and gives the number of requests that took; whatever goes wrong stands in the record. */
  private int run(
      RunRecord record, Policy policy, String callId, Limits limits, ConcurrentRuns.Place place)
      throws BadRequestException {
    Cluster cluster = null;
    try {
      Connection connection = Connection.of(environment);
      cluster = new Cluster(client(connection), serverClock, requestTime(record, limits.budget));
      String namespace = connection.namespace();
      Self self = new Self(namespace, environment);
      RunLease.Claim claim =
          new RunLease.Claim(
              namespace,
              environment.getOrDefault("HOSTNAME", "mesh-setup") + "/" + callId,
              limits.budget.remaining().plus(LEASE_MARGIN));
      List<Step> deferred =
          new MeshSetup(cluster, proofClient, policy, self, limits, record, place).run(claim);
      if (!deferred.isEmpty()) {
        AfterAnswer.patch(deferred, cluster);
      }
    } catch (ClusterException e) {
      record.problem = e.problem;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      record.problem =
          new Problem("interrupted", "mesh-setup", "the run was interrupted", "invoke it again");
    } catch (RuntimeException e) {
      LOG.error("unexpected", e);
      record.problem = unexpected(e);
    }
    return cluster == null ? 0 : cluster.requests();
  }

  /** Requests may be made a little longer than waits last: a lease is to be given back. */
  private static Supplier<Duration> requestTime(RunRecord record, Budget budget) {
    Duration whole = Duration.ofSeconds(record.invocation.budgetSeconds);
    Duration last = whole.minus(whole.dividedBy(2 * RESERVE));
    return () -> {
      Duration left = last.minus(budget.spent());
      return left.isNegative() ? Duration.ZERO : left;
    };
  }

  private static Problem unexpected(RuntimeException e) {
    return new Problem(
        "unexpected",
        "mesh-setup",
        "an unexpected " + e.getClass().getSimpleName() + "; the function's log has it whole",
        "faas-cli logs mesh-setup; please report it");
  }

  /**
   * One client for all runs: it keeps its connection, and reads the token anew for each request.
   */
  private synchronized KubernetesClient client(Connection connection) throws ClusterException {
    if (client == null) {
      client = connection.open(serverClock);
    }
    return client;
  }

  /** The gateway's id of the call; one of our own where there is none, or one not fit to print. */
  private static String callId(IRequest request) {
    String id = Headers.of(request).get("X-Call-Id");
    return id != null && id.matches("[A-Za-z0-9_-]{1,64}") ? id : UUID.randomUUID().toString();
  }

  private static String version() {
    String version = Handler.class.getPackage().getImplementationVersion();
    return Objects.requireNonNullElse(version, "dev");
  }
}
