package com.openfaas.function;

import com.openfaas.function.cluster.Claim;
import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.cluster.Connection;
import com.openfaas.function.cluster.RunLease;
import com.openfaas.function.cluster.ServerClock;
import com.openfaas.function.observe.Self;
import com.openfaas.function.plan.Wave;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.policy.Policy;
import com.openfaas.function.policy.PolicyException;
import com.openfaas.function.policy.PolicyReader;
import com.openfaas.function.report.Formats;
import com.openfaas.function.report.Report;
import com.openfaas.function.report.RunRecord;
import com.openfaas.function.report.UnderWay;
import com.openfaas.function.request.Action;
import com.openfaas.function.request.Answering;
import com.openfaas.function.request.BadRequestException;
import com.openfaas.function.request.Headers;
import com.openfaas.function.request.Invocation;
import com.openfaas.function.request.Part;
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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
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

  /** The first calls are not to wait for it. */
  private static final Duration BEFORE_TAKING_OVER = Duration.ofSeconds(2);

  private final Map<String, String> environment;
  private final Clock clock;
  private final ServerClock serverClock;
  private final ProofClient proofClient = new ProofClient();
  private final ConcurrentRuns concurrent = new ConcurrentRuns();
  private volatile boolean closing;
  private KubernetesClient client;

  public Handler() {
    this(System.getenv(), Clock.systemUTC());
    Runtime.getRuntime().addShutdownHook(new Thread(this::close, "close"));
    takeOver();
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
      return answer(new RunRecord(reader.read(request), policy), callId(request), answering);
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
    closing = true;
    concurrent.end();
  }

  private IResponse answer(RunRecord record, String callId, Answering answering)
      throws BadRequestException {
    Duration longest = Duration.ofSeconds(record.invocation.budgetSeconds);
    Call call =
        new Call(
            callId, clock.instant(), longest, new Budget(Call.waitOf(longest), System::nanoTime));
    try (ConcurrentRuns.Place place = concurrent.enter(record.invocation.action, call.wait)) {
      RunRecord answer = run(record, call, place);
      Report report = call.report(answer);
      LOG.info(Formats.logLine(report));
      return Answers.report(report, answering, answer.retryAfterSeconds);
    }
  }

  /** Gives what has come of it when the caller is answered; whatever goes wrong stands in it. */
  private RunRecord run(RunRecord record, Call call, ConcurrentRuns.Place place)
      throws BadRequestException {
    try {
      Run run = story(record, call, place).run(claim(call.id));
      if (run != null) {
        return run.awaitAnswer(call.wait);
      }
      boolean looked = record.invocation.action == Action.STATUS && record.before != null;
      if (looked || record.busy != null) {
        record.underWay = underWay(call.cluster);
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
    return record;
  }

  private MeshSetup story(RunRecord record, Call call, ConcurrentRuns.Place place)
      throws ClusterException {
    Connection connection = Connection.of(environment);
    call.cluster = new Cluster(client(connection), serverClock, call::requestTime);
    Budget whole = new Budget(record.policy.runLimit, System::nanoTime);
    Self self = new Self(connection.namespace(), environment);
    return new MeshSetup(
        new Parties(call.cluster, proofClient, self),
        new Limits(call.wait, record.policy),
        new Limits(whole, record.policy),
        record,
        place,
        () -> over(call, record.snapshot()));
  }

  private Claim claim(String callId) throws ClusterException {
    String pod = environment.getOrDefault("HOSTNAME", "mesh-setup");
    return new Claim(Connection.of(environment).namespace(), pod + "/" + callId);
  }

  private UnderWay underWay(Cluster cluster) throws ClusterException {
    Run run = concurrent.underWay();
    String namespace = Connection.of(environment).namespace();
    return run == null
        ? UnderWay.fromJson(RunLease.read(cluster, namespace).progress)
        : run.underWay();
  }

  private void over(Call call, RunRecord record) {
    LOG.info("over: {}", Formats.logLine(call.report(record)));
    boolean left =
        record.results.stream()
            .anyMatch(
                r -> r.step.wave == Wave.GATEWAY && r.step.unconfirmed() != null && r.isLeft());
    if (left && !closing) {
      takeOver();
    }
  }

  /** Confirms, on a thread of its own, what another process has left of a gateway's change. */
  private void takeOver() {
    Thread thread = new Thread(this::takeOverWhatIsLeft, "take-over");
    thread.setDaemon(true);
    thread.start();
  }

  private void takeOverWhatIsLeft() {
    try {
      Policy policy = PolicyReader.read(environment);
      Budget trying = new Budget(policy.runLimit, System::nanoTime);
      do {
        TimeUnit.MILLISECONDS.sleep(BEFORE_TAKING_OVER.toMillis());
      } while (!closing && !trying.isOver() && !tookOver(policy));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (PolicyException e) {
      LOG.error("settings in stack.yml cannot be carried out: {}", e.getMessage());
    }
  }

  /** False where it is worth another try. */
  private boolean tookOver(Policy policy) {
    Invocation confirm = new Invocation(Action.APPLY, Set.of(Part.GATEWAY), List.of(), 1, null);
    RunRecord record = new RunRecord(confirm, policy);
    Budget wait = new Budget(policy.runLimit, System::nanoTime);
    Call call = new Call(UUID.randomUUID().toString(), clock.instant(), policy.runLimit, wait);
    try (ConcurrentRuns.Place place = concurrent.enter(Action.APPLY, wait)) {
      Run run = story(record, call, place).takeOver(claim(call.id));
      if (run != null) {
        run.awaitAnswer(new Budget(Duration.ZERO, System::nanoTime));
      }
      return run != null || record.busy == null;
    } catch (ClusterException e) {
      LOG.warn("whether something is left to be confirmed is not known: {}", e.problem);
      return e.problem.code.equals("no_account");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  static Problem unexpected(RuntimeException e) {
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
}
