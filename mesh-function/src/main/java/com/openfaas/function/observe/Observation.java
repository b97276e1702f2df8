package com.openfaas.function.observe;

import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.cluster.LeaseRecord;
import com.openfaas.function.observe.Listing.PodIndex;
import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.PastRun;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Reading;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.platform.Workload.Role;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** One observation of the cluster: the platform as values, and what later stages need. */
public final class Observation {
  public final Platform platform;

  private final Map<String, Listing> listings;

  /** The state of mesh-setup's Lease. */
  public final Reading<LeaseRecord> lease;

  private Reading<List<PastRun>> pastRuns;

  private Observation(
      Platform platform, Reading<LeaseRecord> lease, Map<String, Listing> listings) {
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

  /** What one observation has listed so far: each workload once, with its role and its pods. */
  static final class Inventory {
    private static final int MOST_STRAYS = 20;

    final List<Workload> workloads = new ArrayList<>();
    private final Map<String, WorkloadView> ours = new HashMap<>();
    private final Map<String, Listing> listings = new HashMap<>();
    private final Map<String, Problem> strays = new TreeMap<>();

    /**
     * Adds a listing; returns its first workload that has a role, or null.
     *
     * @param role returns a workload's role; null if it is not part of the platform
     */
    Workload add(Listing listing, Function<WorkloadView, Role> role) {
      listings.putIfAbsent(listing.key(), listing);
      PodIndex pods = new PodIndex(listing.pods.items);
      Workload first = null;
      for (WorkloadView view : listing.workloads.items) {
        Role its = role.apply(view);
        if (its != null) {
          Workload workload = add(its, view, pods);
          note(view, pods);
          first = first == null ? workload : first;
        }
      }
      return first;
    }

    private Workload add(Role role, WorkloadView view, PodIndex pods) {
      Workload workload = view.workload(role, pods);
      if (ours.putIfAbsent(workload.subject(), view) == null) {
        workloads.add(workload);
      }
      return workload;
    }

    /** A pod that has the workload's labels but another owner is reported and left alone. */
    private void note(WorkloadView view, PodIndex pods) {
      for (PodView stray : pods.strays(view.object, view.spec.selector)) {
        String pod = "pod " + view.object.namespace + "/" + stray.name;
        String madeBy = stray.controller.isEmpty() ? "by hand" : "by " + stray.controller;
        strays.putIfAbsent(
            pod,
            new Problem(
                Code.STRAY_POD,
                pod,
                "it has the labels of the pods of "
                    + view.object.subject()
                    + ", which does not own it (created "
                    + madeBy
                    + "): it is not changed, and their Service may send it requests",
                "remove the label "
                    + String.join(", ", new TreeSet<>(view.spec.selector.labels.keySet()))
                    + " where it is defined, or: kubectl -n "
                    + view.object.namespace
                    + " delete pod "
                    + stray.name));
      }
    }

    /** The NATS clients, whatever their role, of a fully listed namespace; by name. */
    List<WorkloadView> natsClients(String namespace) {
      return listings.values().stream()
          .filter(listing -> listing.namespace.equals(namespace) && listing.label == null)
          .flatMap(listing -> listing.workloads.items.stream())
          .filter(view -> GatewaySettings.isNatsClient(view.environment))
          .sorted(Comparator.comparing(view -> view.object.name))
          .collect(Collectors.toList());
    }

    /** From all listings so far; at most as many as anyone would read. */
    List<Problem> strays() {
      return strays.values().stream().limit(MOST_STRAYS).collect(Collectors.toList());
    }

    /** The first workload of that role; null if there is none. */
    WorkloadView first(Role role) {
      return workloads.stream()
          .filter(workload -> workload.role == role)
          .findFirst()
          .map(workload -> ours.get(workload.subject()))
          .orElse(null);
    }

    /**
     * The workloads of a namespace that are not part of the platform, by name.
     *
     * @param namespace one that was listed without a label
     */
    List<Workload> neighbours(String namespace) {
      return listings.values().stream()
          .filter(listing -> listing.namespace.equals(namespace) && listing.label == null)
          .flatMap(listing -> listing.strangers().stream())
          .filter(workload -> !ours.containsKey(workload.subject()))
          .sorted(Platform.ORDER)
          .collect(Collectors.toList());
    }

    Observation observation(Platform platform, Reading<LeaseRecord> lease) {
      return new Observation(platform, lease, listings);
    }
  }
}
