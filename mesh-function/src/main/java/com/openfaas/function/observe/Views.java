package com.openfaas.function.observe;

import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.Kind;
import com.openfaas.function.platform.NamespaceView;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.PodView.Proxy;
import com.openfaas.function.platform.Selector;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Converts the client's objects to ours, with only the fields the evaluation needs. */
final class Views {
  private static final Set<String> OURS =
      Set.of(
          Annotations.INJECT,
          Annotations.SKIP_OUTBOUND_PORTS,
          Annotations.SKIP_INBOUND_PORTS,
          Annotations.OPAQUE_PORTS,
          Annotations.ADMIN_PORT,
          Annotations.PROXY_VERSION,
          Annotations.CREATED_BY,
          Annotations.TRUST_ROOT,
          Annotations.RESTARTED_AT);

  private Views() {}

  static NamespaceView namespace(Namespace namespace) {
    ObjectMeta meta = namespace.getMetadata();
    return new NamespaceView(
        object(Kind.NAMESPACE, meta.getName(), meta),
        orEmpty(meta.getLabels()),
        meta.getDeletionTimestamp() != null);
  }

  static Annotated object(Kind kind, String namespace, ObjectMeta meta) {
    ManagedFieldsEntry ours = lastWrite(meta, true);
    ManagedFieldsEntry other = lastWrite(meta, false);
    return new Annotated(
        kind,
        namespace,
        meta.getName(),
        orEmpty(meta.getAnnotations()),
        other == null ? Annotated.UNKNOWN : "\"" + other.getManager() + "\" at " + other.getTime(),
        orEmpty(meta.getLabels()).get(Annotations.INJECT),
        ours != null && (other == null || time(ours).compareTo(time(other)) >= 0));
  }

  private static ManagedFieldsEntry lastWrite(ObjectMeta meta, boolean ours) {
    return meta.getManagedFields().stream()
        .filter(entry -> ours == "mesh-setup".equals(entry.getManager()))
        .filter(entry -> !"status".equals(entry.getSubresource()))
        .max(Comparator.comparing(Views::time))
        .orElse(null);
  }

  private static String time(ManagedFieldsEntry entry) {
    return Objects.requireNonNullElse(entry.getTime(), "");
  }

  static Selector selector(LabelSelector selector) {
    if (selector == null) {
      return Selector.ALL;
    }
    return new Selector(
        orEmpty(selector.getMatchLabels()),
        selector.getMatchExpressions().stream()
            .map(e -> new Selector.Expression(e.getKey(), e.getOperator(), e.getValues()))
            .collect(Collectors.toList()));
  }

  static PodView pod(Pod pod) {
    ObjectMeta meta = pod.getMetadata();
    String phase = String.valueOf(pod.getStatus().getPhase());
    boolean finished = phase.equals("Succeeded") || phase.equals("Failed");
    boolean ready =
        pod.getStatus().getConditions().stream()
            .anyMatch(c -> "Ready".equals(c.getType()) && "True".equals(c.getStatus()));
    PodView view =
        new PodView(
            meta.getName(),
            orEmpty(meta.getLabels()),
            orEmpty(meta.getAnnotations()).entrySet().stream()
                .filter(e -> OURS.contains(e.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)),
            new PodView.Lifecycle(
                meta.getDeletionTimestamp() != null || finished, ready, created(meta)),
            proxy(pod),
            ready ? "" : trouble(pod));
    String controller = controller(meta);
    PodView whole =
        view.reachedAt(pod.getStatus().getPodIP(), pod.getSpec().getServiceAccountName())
            .madeBy(controller);
    boolean bySet = controller != null && controller.startsWith(Kind.STATEFUL_SET + "/");
    return bySet ? whole.listeningOn(ports(pod)) : whole;
  }

  private static Set<Integer> ports(Pod pod) {
    return pod.getSpec().getContainers().stream()
        .flatMap(container -> container.getPorts().stream())
        .map(ContainerPort::getContainerPort)
        .collect(Collectors.toSet());
  }

  private static String controller(ObjectMeta meta) {
    return meta.getOwnerReferences().stream()
        .filter(owner -> Boolean.TRUE.equals(owner.getController()))
        .map(owner -> owner.getKind() + "/" + owner.getName())
        .findFirst()
        .orElse(null);
  }

  /** A pod that was never stored has no creation time. */
  private static Instant created(ObjectMeta meta) {
    String created = meta.getCreationTimestamp();
    return created == null ? Instant.MAX : Instant.parse(created);
  }

  private static Proxy proxy(Pod pod) {
    boolean declared =
        Stream.concat(
                pod.getSpec().getContainers().stream(), pod.getSpec().getInitContainers().stream())
            .anyMatch(c -> Annotations.PROXY_CONTAINER.equals(c.getName()));
    if (!declared || !Annotations.isInjected(orEmpty(pod.getMetadata().getAnnotations()))) {
      return Proxy.NONE;
    }
    boolean ready =
        statuses(pod)
            .anyMatch(
                s ->
                    Annotations.PROXY_CONTAINER.equals(s.getName())
                        && Boolean.TRUE.equals(s.getReady()));
    return ready ? Proxy.READY : Proxy.NOT_READY;
  }

  /** A container that waits for anything but its creation, as the kubelet reports it. */
  private static String trouble(Pod pod) {
    return statuses(pod)
        .filter(s -> s.getState() != null && s.getState().getWaiting() != null)
        .filter(
            s ->
                !Set.of("ContainerCreating", "PodInitializing")
                    .contains(String.valueOf(s.getState().getWaiting().getReason())))
        .map(
            s -> {
              var waiting = s.getState().getWaiting();
              String message = waiting.getMessage() == null ? "" : ": " + waiting.getMessage();
              return "container " + s.getName() + " " + waiting.getReason() + message;
            })
        .findFirst()
        .orElse("");
  }

  private static Stream<ContainerStatus> statuses(Pod pod) {
    return Stream.concat(
        pod.getStatus().getInitContainerStatuses().stream(),
        pod.getStatus().getContainerStatuses().stream());
  }

  static Map<String, String> orEmpty(Map<String, String> map) {
    return map == null ? Map.of() : map;
  }
}
