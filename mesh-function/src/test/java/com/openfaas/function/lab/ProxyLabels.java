package com.openfaas.function.lab;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;
import java.util.stream.Stream;

/** With which labels proxies count, and as whom they know each other. */
final class ProxyLabels {
  private final String linkerd;

  ProxyLabels(String linkerd) {
    this.linkerd = linkerd;
  }

  String outbound(Pod to) {
    String address = to.getStatus().getPodIP();
    String target = String.format("direction=\"outbound\",%s,", target(address, 8080));
    String owner =
        String.format(
            "dst_deployment=\"%s\",dst_namespace=\"%s\",dst_pod=\"%s\",dst_pod_template_hash=\"%s\","
                + "dst_serviceaccount=\"%s\",dst_zone=\"\"",
            name(to),
            to.getMetadata().getNamespace(),
            to.getMetadata().getName(),
            to.getMetadata().getLabels().get("pod-template-hash"),
            to.getSpec().getServiceAccountName());
    return isInjected(to)
        ? target
            + String.format(
                "tls=\"true\",server_id=\"%s\",dst_control_plane_ns=\"%s\",%s",
                identity(to), linkerd, owner)
        : target
            + "tls=\"no_identity\",no_tls_reason=\"not_provided_by_service_discovery\","
            + owner;
  }

  static String inbound(Pod to, String client, boolean probe) {
    String name = probe ? "probe" : "default";
    String by = authorized(8080, name, probe ? "probe" : "all-unauthenticated");
    String address = to.getStatus().getPodIP();
    return client == null
        ? plain(address, 8080) + by
        : String.format(
            "direction=\"inbound\",%s,tls=\"true\",client_id=\"%s\",%s",
            target(address, 8080), client, by);
  }

  static String plain(String address, int port) {
    return String.format(
        "direction=\"inbound\",%s,tls=\"no_identity\",no_tls_reason=\"no_tls_from_remote\",",
        target(address, port));
  }

  static String target(String address, int port) {
    return String.format(
        "target_addr=\"%s:%d\",target_ip=\"%s\",target_port=\"%d\"", address, port, address, port);
  }

  static String authorized(int port, String route, String by) {
    return String.format(
        "srv_group=\"\",srv_kind=\"default\",srv_name=\"all-unauthenticated\",srv_port=\"%d\","
            + "route_group=\"\",route_kind=\"default\",route_name=\"%s\","
            + "authz_group=\"\",authz_kind=\"default\",authz_name=\"%s\"",
        port, route, by);
  }

  String identity(Pod pod) {
    return identity(pod.getMetadata().getNamespace() + "/" + pod.getSpec().getServiceAccountName());
  }

  /** Of a ServiceAccount, as {@code NAMESPACE/ACCOUNT}. */
  String identity(String account) {
    String[] parts = account.split("/", 2);
    return parts[1] + "." + parts[0] + ".serviceaccount.identity." + linkerd + ".cluster.local";
  }

  static String name(Pod pod) {
    Map<String, String> labels = pod.getMetadata().getLabels();
    return labels.getOrDefault("faas_function", labels.get("app"));
  }

  static boolean isInjected(Pod pod) {
    return Stream.concat(
            pod.getSpec().getContainers().stream(), pod.getSpec().getInitContainers().stream())
        .map(Container::getName)
        .anyMatch("linkerd-proxy"::equals);
  }
}
