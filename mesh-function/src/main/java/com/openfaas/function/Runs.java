package com.openfaas.function;

import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.cluster.Connection;
import com.openfaas.function.cluster.Connection.ServerClock;
import com.openfaas.function.observe.Observer.Self;
import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.PastRun;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.policy.Policy;
import com.openfaas.function.policy.PolicyReader;
import com.openfaas.function.policy.PolicyReader.PolicyException;
import com.openfaas.function.report.Formats;
import com.openfaas.function.report.Outcome;
import com.openfaas.function.report.Report;
import com.openfaas.function.report.RunRecord;
import com.openfaas.function.request.Action;
import com.openfaas.function.request.BadRequestException;
import com.openfaas.function.request.Invocation;
import com.openfaas.function.request.Invocation.Part;
import com.openfaas.function.rollout.Events;
import com.openfaas.function.rollout.Limits;
import com.openfaas.function.rollout.Limits.Budget;
import com.openfaas.function.verify.ProofClient;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs of one process: those started by calls, and the one that takes over a gateway change
 * left unconfirmed by another process.
 */
final class Runs implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Runs.class);

  /** Lets the first calls go ahead; later pauses grow up to {@code LONGEST_PAUSE}. */
  private static final Duration BEFORE_TAKING_OVER = Duration.ofSeconds(2);

  private static final Duration TELLING = Duration.ofSeconds(5);

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  /** What is taken over: the gateway's change, and protection of the functions. */
  private static final Set<Part> PARTS = Set.of(Part.GATEWAY, Part.FUNCTIONS);

  static final int MOST_IN_VAIN = 10;

  private final Map<String, String> environment;

  private final Clock clock;
  private final ServerClock serverClock;
  private final Duration confirmation;
  private final ProofClient proofClient = new ProofClient();
  private final ConcurrentRuns concurrent = new ConcurrentRuns();
  private volatile boolean closing;
  private volatile RunRecord.LastRun last;
  private final AtomicInteger inVain = new AtomicInteger();
  private KubernetesClient client;

  Runs(
      Map<String, String> environment,
      Clock clock,
      ServerClock serverClock,
      Duration confirmation) {
    this.environment = environment;
    this.clock = clock;
    this.serverClock = serverClock;
    this.confirmation = confirmation;
  }

  /** Returns the record as it is when the caller is answered; it holds every failure. */
  RunRecord run(RunRecord record, Call call) throws BadRequestException {
    record.lastRun = last;
    try (ConcurrentRuns.Permit permit = concurrent.enter(record.invocation.action, call.wait)) {
      Run run = meshSetup(record, call, permit).run();
      if (run != null) {
        call.run = run;
        return run.awaitAnswer(call.wait);
      }
      Run other = concurrent.underWay();
      record.underWay = other == null ? record.underWay : other.underWay();
    } catch (ClusterException e) {
      record.problem = e.problem;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      record.problem =
          new Problem(Code.INTERRUPTED, "mesh-setup", "the run was interrupted", "invoke again");
    } catch (RuntimeException e) {
      LOG.error("unexpected", e);
      record.problem = Run.unexpected(e);
    }
    if (record.invocation.action.writes()) {
      remember(call.report(record), record);
    }
    record.lastRun = last;
    return record;
  }

  /** A run that found another one in progress does not count as the last run. */
  private void remember(Report report, RunRecord record) {
    last =
        report.outcome == Outcome.BUSY
            ? last
            : new RunRecord.LastRun(report, record, serverClock.now());
  }

  private MeshSetup meshSetup(RunRecord record, Call call, ConcurrentRuns.Permit permit)
      throws ClusterException {
    Connection connection = Connection.of(environment);
    call.cluster = new Cluster(client(connection), serverClock, call::requestTime);
    Self self = new Self(connection.namespace(), environment);
    Limits waited = new Limits(call.wait, record.policy, confirmation);
    Survey survey = new Survey(call.cluster, proofClient, self, waited, record);
    Budget whole = new Budget(record.policy.runLimit, System::nanoTime);
    String pod = environment.get("HOSTNAME");
    return new MeshSetup(
        survey,
        new Limits(whole, record.policy, confirmation),
        permit,
        pod == null ? call.id : pod + "/" + call.id,
        () -> tell(call, record.snapshot()),
        () -> over(call, record.snapshot()));
  }

  private void over(Call call, RunRecord record) {
    Report report = call.report(record);
    remember(report, record);
    LOG.info("over: {}", Formats.logLine(report));
    if (isTakenOver(!closing && (record.hasUnconfirmed() || record.problem != null))) {
      takeOver();
    }
  }

  /** Publishes the result as an event on mesh-setup itself. */
  private void tell(Call call, RunRecord record) {
    boolean something = !record.results.isEmpty() || record.problem != null;
    if (something && record.scope() != null) {
      PastRun past = call.report(record).past(serverClock.now());
      Workload.self(record.scope().platform.workloads)
          .ifPresent(self -> new Events(call.cluster.within(() -> TELLING)).ran(self.object, past));
    }
  }

  /**
   * Whether to start another run for what this one left undone; after {@code MOST_IN_VAIN} failures
   * in a row this process gives up.
   */
  boolean isTakenOver(boolean left) {
    if (!left) {
      inVain.set(0);
      return false;
    }
    boolean again = inVain.incrementAndGet() <= MOST_IN_VAIN;
    if (!again) {
      LOG.error(
          "{} runs in a row could neither confirm nor roll back the gateway's change; the next call"
              + " tries again, and status reports it",
          MOST_IN_VAIN);
    }
    return again;
  }

  /** Confirms, on its own thread, a gateway change left unconfirmed by another process. */
  void takeOver() {
    Thread thread = new Thread(this::takeOverWhatIsLeft, "take-over");
    thread.setDaemon(true);
    thread.start();
  }

  private void takeOverWhatIsLeft() {
    try {
      Policy policy = PolicyReader.read(environment);
      Budget trying = new Budget(policy.runLimit, System::nanoTime);
      Duration pause = Duration.ZERO;
      do {
        pause = pause.plus(BEFORE_TAKING_OVER);
        TimeUnit.MILLISECONDS.sleep(Math.min(pause.toMillis(), LONGEST_PAUSE.toMillis()));
      } while (!closing && !trying.isOver() && !tookOver(policy));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (PolicyException e) {
      LOG.error("invalid settings in stack.yml: {}", e.getMessage());
    }
  }

  /** False if it should be retried. A run of this process confirms by itself what it finds. */
  private boolean tookOver(Policy policy) {
    if (concurrent.underWay() != null) {
      return true;
    }
    Invocation confirm = new Invocation(Action.APPLY, PARTS, List.of(), 1, null);
    RunRecord record = new RunRecord(confirm, policy);
    Budget wait = new Budget(policy.runLimit, System::nanoTime);
    Call call = new Call(UUID.randomUUID().toString(), clock.instant(), policy.runLimit, wait);
    try (ConcurrentRuns.Permit permit = concurrent.enter(Action.APPLY, wait)) {
      Run run = meshSetup(record, call, permit).takeOver();
      if (run != null) {
        run.answered();
      }
      return run != null || record.busy == null;
    } catch (ClusterException e) {
      LOG.warn("whether a change is left to confirm is not known: {}", e.told());
      return e.problem.is(Code.NO_ACCOUNT, Code.NO_CLUSTER);
    } catch (RuntimeException e) {
      LOG.error("whether a change is left to confirm is not known", e);
      return false;
    }
  }

  /**
   * One client for all runs: it keeps its connection, and reads the token again for each request.
   */
  private synchronized KubernetesClient client(Connection connection) throws ClusterException {
    if (client == null) {
      client = connection.open(serverClock);
    }
    return client;
  }

  /** Ends every run at its next safe point; the runs still answer. */
  @Override
  public void close() {
    closing = true;
    concurrent.end();
  }

  /** A call, or a run that no call started: its id, start and time limit. */
  static final class Call {
    /**
     * One tenth of the time is reserved for the answer: with 5 % of a CPU, the first answer of a
     * process takes 2 s to build.
     */
    private static final int RESERVE = 10;

    final String id;
    final Instant startedAt;
    final Duration longest;
    final Budget wait;
    Cluster cluster;
    private Run run;

    Call(String id, Instant startedAt, Duration longest, Budget wait) {
      this.id = id;
      this.startedAt = startedAt;
      this.longest = longest;
      this.wait = wait;
    }

    Report report(RunRecord record) {
      Report.Run run =
          new Report.Run(
              id,
              record.invocation.action.toString(),
              version(),
              startedAt.toString(),
              wait.spent().toMillis(),
              longest.toMillis(),
              cluster == null ? 0 : cluster.requests());
      return new Report(run, record);
    }

    /** The run that this call has started, if any, may go on with what follows the answer. */
    void answered() {
      if (run != null) {
        run.answered();
      }
    }

    /** How long a run that answers within {@code longest} may wait. */
    static Duration waitOf(Duration longest) {
      return longest.minus(longest.dividedBy(RESERVE));
    }

    /** The time left for requests, even where the wait was ended early. */
    Duration requestTime() {
      Duration left = waitOf(longest).minus(wait.spent());
      return left.isNegative() ? Duration.ZERO : left;
    }

    private static String version() {
      String version = Call.class.getPackage().getImplementationVersion();
      return Objects.requireNonNullElse(version, "dev");
    }
  }
}
