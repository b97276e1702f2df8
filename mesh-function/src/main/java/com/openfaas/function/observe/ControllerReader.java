package com.openfaas.function.observe;

import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.cluster.Listed;
import com.openfaas.function.ingress.ControllerProfile;
import com.openfaas.function.observe.Observation.Inventory;
import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.Kind;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Traffic.RouteView;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.platform.Workload.Role;
import com.openfaas.function.policy.Policy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds the workload of a route's controller by its image: in the namespace that the policy names,
 * where Helm installed it, or where it usually runs. A namespace we may not read is skipped, and
 * reported if nothing is found elsewhere.
 */
final class ControllerReader {
  /** Where the guide this function is based on installs it. */
  private static final String LAST_GUESS = "default";

  private static final String NAME_IT =
      "kubectl get deployments,daemonsets -A -o wide; name it by mesh_ingress_controller in"
          + " stack.yml, such as ingress-nginx/controller";

  private final Cluster cluster;
  private final Policy policy;
  private final NamespaceReader namespaces;
  private final Inventory inventory;
  private final Map<String, Workload> found = new HashMap<>();
  private final List<Problem> problems = new ArrayList<>();

  ControllerReader(
      Cluster cluster, Policy policy, NamespaceReader namespaces, Inventory inventory) {
    this.cluster = cluster;
    this.policy = policy;
    this.namespaces = namespaces;
    this.inventory = inventory;
  }

  /** What could not be read or found. */
  List<Problem> problems() {
    return problems;
  }

  /**
   * The workload; null if it was not found, or cannot be: a controller without an image of its own
   * is found only if the policy names it.
   *
   * @param hint a namespace that the class or the route's Gateway points to; may be empty
   */
  Workload find(RouteView route, String hint) throws ClusterException {
    if (policy.ingressController.isEmpty() && !ControllerProfile.hasImage(route)) {
      return null;
    }
    ControllerProfile profile = ControllerProfile.of(route);
    String key = profile.id + " " + hint;
    if (!found.containsKey(key)) {
      found.put(key, search(route, candidates(profile, hint)));
    }
    return found.get(key);
  }

  private Set<String> candidates(ControllerProfile profile, String hint) {
    Set<String> candidates = new LinkedHashSet<>();
    if (!policy.ingressController.isEmpty()) {
      candidates.add(policy.ingressController.split("/", -1)[0]);
      return candidates;
    }
    candidates.add(hint);
    candidates.addAll(profile.namespaces);
    candidates.add(LAST_GUESS);
    candidates.removeIf(name -> name.isEmpty() || !namespaces.mayExist(name));
    return candidates;
  }

  private Workload search(RouteView route, Set<String> candidates) throws ClusterException {
    List<Problem> closed = new ArrayList<>();
    for (String namespace : candidates) {
      try {
        Listing listing = listingWith(namespace, route);
        if (listing != null) {
          return only(listing, route);
        }
      } catch (ClusterException e) {
        closed.add(e.readError());
      }
    }
    if (!ControllerProfile.of(route).isOutside()) {
      problems.add(notFound(route, candidates, closed));
    }
    return null;
  }

  /** The listing that contains a workload of the controller; null if there is none. */
  private Listing listingWith(String namespace, RouteView route) throws ClusterException {
    for (Kind kind : List.of(Kind.DEPLOYMENT, Kind.DAEMON_SET)) {
      Listed<WorkloadView> all = cluster.workloads(kind, namespace, null, WorkloadView::of);
      if (all.items.stream().anyMatch(workload -> runs(workload, route))) {
        namespaces.include(namespace);
        return new Listing(kind, namespace, null, all, cluster.pods(namespace, null, Views::pod));
      }
    }
    return null;
  }

  /** If several run the same image, one may serve another class: we do not guess. */
  private Workload only(Listing listing, RouteView route) {
    List<WorkloadView> its =
        listing.workloads.items.stream()
            .filter(workload -> runs(workload, route))
            .collect(Collectors.toList());
    if (its.size() == 1) {
      return inventory.add(listing, workload -> workload == its.get(0) ? Role.INGRESS : null);
    }
    String names =
        its.stream()
            .map(workload -> workload.object.name)
            .sorted()
            .collect(Collectors.joining(", "));
    problems.add(
        new Problem(
            Code.INGRESS_CONTROLLER_AMBIGUOUS,
            route.object.subject(),
            "several in namespace " + listing.namespace + " could be its controller: " + names,
            NAME_IT));
    return null;
  }

  private boolean runs(WorkloadView workload, RouteView route) {
    List<String> images = workload.images;
    if (!policy.ingressController.isEmpty()) {
      // A route of another class than the operator's controller gets none.
      return policy.ingressController.equals(workload.object.namespace + "/" + workload.object.name)
          && images.stream().noneMatch(image -> ControllerProfile.isOfAnother(route, image));
    }
    return images.stream().anyMatch(image -> ControllerProfile.runs(route, image));
  }

  private static Problem notFound(RouteView route, Set<String> candidates, List<Problem> closed) {
    ControllerProfile profile = ControllerProfile.of(route);
    String where = candidates.isEmpty() ? "" : " in " + String.join(", ", candidates);
    return closed.isEmpty()
        ? new Problem(
            Code.INGRESS_CONTROLLER_NOT_FOUND,
            route.object.subject(),
            "no workload of " + profile.title + " was found" + where,
            NAME_IT)
        : new Problem(
            Code.FORBIDDEN,
            route.object.subject(),
            "where "
                + profile.title
                + " runs cannot be read: list "
                + closed.stream().map(problem -> problem.subject).collect(Collectors.joining(", ")),
            closed.get(0).hint + "; or " + NAME_IT);
  }
}
