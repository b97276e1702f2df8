package com.openfaas.function.observe;

import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.cluster.LeaseRecord;
import com.openfaas.function.platform.PastRun;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.Reading;
import com.openfaas.function.platform.Workload;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** One observation of the cluster: the platform as values, and what later stages need. */
public final class Observation {
  public final Platform platform;

  private final Map<String, Listing> listings;

  /** The state of mesh-setup's Lease. */
  public final Reading<LeaseRecord> lease;

  private Reading<List<PastRun>> pastRuns;

  Observation(Platform platform, Reading<LeaseRecord> lease, Map<String, Listing> listings) {
    this.platform = Objects.requireNonNull(platform);
    this.lease = Objects.requireNonNull(lease);
    this.listings = Map.copyOf(listings);
  }

  /** The reported past runs. Read on first use, and shared like the observation. */
  public synchronized Reading<List<PastRun>> pastRuns(Cluster cluster, String namespace) {
    if (pastRuns == null) {
      try {
        pastRuns = Reading.of(cluster.pastRuns(namespace));
      } catch (ClusterException e) {
        pastRuns = Reading.failed(e.problem);
      }
    }
    return pastRuns;
  }

  /** The listing that contains the workload, from which a watch continues without a gap. */
  Listing listing(Workload workload) {
    return listings.get(Listing.key(workload));
  }
}
