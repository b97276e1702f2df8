package com.openfaas.function.verify;

import com.openfaas.function.platform.MeshStatus.State;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.Workload;
import java.util.Set;

/**
 * Which edges decide whether a run is verified: those of the gateway to functions that should be on
 * the mesh. A function that has opted out, or cannot be meshed, is called in plaintext for good;
 * that is reported, and must not make every run fail. Where the gateway is off the mesh, nothing is
 * proven of any function: that is a failure, whoever wants it so.
 */
public final class Expectation {
  private static final Set<State> OFF_THE_MESH =
      Set.of(State.IDLE, State.OPTED_OUT, State.UNSUPPORTED);

  private Expectation() {}

  /** Whether the edge should be on the mesh; a gateway without a pod calls nobody. */
  public static boolean isDue(Platform platform, Edge edge) {
    return platform.gateway.isKnown()
        && edge.from.equals(platform.gateway.value.key())
        && platform.status(platform.gateway.value).state != State.IDLE
        && platform.workloads.stream()
            .filter(workload -> workload.key().equals(edge.to))
            .allMatch(workload -> isDue(platform, workload));
  }

  /** Whether edges of the workload are to be proven. */
  public static boolean isDue(Platform platform, Workload workload) {
    return !OFF_THE_MESH.contains(platform.status(workload).state);
  }
}
