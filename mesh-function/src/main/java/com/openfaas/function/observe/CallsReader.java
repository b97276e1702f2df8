package com.openfaas.function.observe;

import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.Kind;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Traffic.Calls;
import com.openfaas.function.platform.Workload;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Reads the Services of functions, and whether a ServiceProfile stands in the way on one. */
final class CallsReader {
  private final Cluster cluster;
  private final Set<String> functions;
  private final List<Annotated> services = new ArrayList<>();
  private final Set<String> profiled = new TreeSet<>();
  private final List<Problem> unread = new ArrayList<>();

  CallsReader(Cluster cluster, List<Workload> workloads) {
    this.cluster = cluster;
    this.functions =
        workloads.stream()
            .filter(workload -> workload.role.isFunction())
            .map(Workload::key)
            .collect(Collectors.toSet());
  }

  void read(String namespace) throws ClusterException {
    try {
      for (Service service : cluster.networking().services(namespace)) {
        ObjectMeta meta = service.getMetadata();
        if (functions.contains(namespace + "/" + meta.getName())) {
          services.add(Views.object(Kind.SERVICE, namespace, meta));
        }
      }
      cluster
          .networking()
          .serviceProfiles(namespace)
          .forEach(profile -> profiled.add(profile.getMetadata().getName()));
    } catch (ClusterException e) {
      unread.add(e.readError());
    }
  }

  /**
   * @param neighbours see {@link Calls#neighbours}
   */
  Calls calls(boolean toServices, List<Workload> neighbours) {
    return new Calls(toServices, services, profiled, neighbours, unread);
  }
}
