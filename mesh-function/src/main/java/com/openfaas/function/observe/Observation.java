package com.openfaas.function.observe;

import com.openfaas.function.cluster.LeaseRecord;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.Reading;
import com.openfaas.function.platform.Workload;
import java.util.Map;
import java.util.Objects;

/**
 * One observation of the cluster: the platform as values, and what later stages need of the
 * objects.
 */
public final class Observation {
  public final Platform platform;

  private final Map<String, Listing> listings;

  /** What the Lease of mesh-setup tells. */
  public final Reading<LeaseRecord> lease;

  Observation(Platform platform, Reading<LeaseRecord> lease, Map<String, Listing> listings) {
    this.platform = Objects.requireNonNull(platform);
    this.lease = Objects.requireNonNull(lease);
    this.listings = Map.copyOf(listings);
  }

  /** What was listed where the workload is: a watch goes on from there without a gap. */
  Listing listing(Workload workload) {
    return listings.get(Listing.key(workload));
  }
}
