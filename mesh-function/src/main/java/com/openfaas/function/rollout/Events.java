package com.openfaas.function.rollout;

import com.openfaas.function.cluster.ChangeEvent;
import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.plan.Step;
import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.PastRun;
import com.openfaas.function.platform.Problem;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records each change as an event on the changed object, where {@code kubectl describe} shows it.
 * Events are sent one by one on their own thread, so that no rollout waits for them.
 */
public final class Events {
  private static final Logger LOG = LoggerFactory.getLogger(Events.class);
  private static final ExecutorService SENDER =
      Executors.newSingleThreadExecutor(
          run -> {
            Thread thread = new Thread(run, "events");
            thread.setDaemon(true);
            return thread;
          });

  private final Cluster cluster;

  public Events(Cluster cluster) {
    this.cluster = cluster;
  }

  void done(Step step) {
    if (step.object.kind.isMade()) {
      send(step, "MeshPolicyChanged", "as mesh_protect says", false);
    } else if (step.reason == Step.Reason.REVERT) {
      send(step, "MeshReverted", "restored to what it was before mesh-setup", false);
    } else {
      send(step, "MeshEnabled", "added to the Linkerd mesh", false);
    }
  }

  /**
   * The result of a run that is over.
   *
   * @param self the workload of mesh-setup
   */
  public void ran(Annotated self, PastRun run) {
    SENDER.execute(() -> send(new ChangeEvent(self, run)));
    await();
  }

  void rolledBack(Step step, Problem problem) {
    send(step, "MeshRolledBack", "rolled back: " + problem.message, true);
  }

  /** Calls through the changed gateway work. */
  public void confirmed(Step step) {
    send(step, "MeshConfirmed", "calls through the gateway work as before", false);
  }

  /** Calls past the gateway are refused, and those through it are not. */
  public void enforced(Step step) {
    send(step, "MeshProtected", "only the gateway may call functions: proven both ways", false);
  }

  /** Calls through the changed gateway failed. */
  public void takenBack(Step step, Problem problem) {
    send(step, "MeshTakenBack", "rolled back: " + problem.message, true);
  }

  /** Returns once all events of this process so far are sent or have failed. */
  public static void await() {
    CompletableFuture.runAsync(() -> {}, SENDER).join();
  }

  private void send(Step step, String reason, String note, boolean warning) {
    ChangeEvent event = new ChangeEvent(step.object, reason, note, warning);
    SENDER.execute(() -> send(event));
  }

  /** A failed event does not stop the run: the report contains the same. */
  private void send(ChangeEvent event) {
    try {
      cluster.createEvent(event);
    } catch (ClusterException e) {
      LOG.warn("no event: {}", e.problem);
    }
  }
}
