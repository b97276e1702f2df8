package com.openfaas.function.lab;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Lifecycle;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Puts the proxy into a pod that is to be injected. */
final class ProxyInjection {
  private static final String CONFIG = "config.linkerd.io/";

  /** Annotations that a pod does not inherit from its namespace. */
  private static final Set<String> OWN_ONLY =
      Set.of(
          CONFIG + "enable-gateway",
          CONFIG + "close-wait-timeout",
          CONFIG + "proxy-cpu-ratio-limit",
          CONFIG + "debug-image",
          CONFIG + "debug-image-version",
          CONFIG + "debug-image-pull-policy");

  private final ProxyConfig config;
  private final String controlPlane;
  private final Map<String, String> namespaceAnnotations;

  ProxyInjection(
      ProxyConfig config, String controlPlane, Map<String, String> namespaceAnnotations) {
    this.config = config;
    this.controlPlane = controlPlane;
    this.namespaceAnnotations = namespaceAnnotations;
  }

  void inject(Pod pod, String namespace, Owner owner) {
    Map<String, String> annotations = pod.getMetadata().getAnnotations();
    namespaceAnnotations.forEach(
        (key, value) -> {
          if (isInherited(key)) {
            annotations.putIfAbsent(key, value);
          }
        });
    OpaquePorts.annotationFor(pod, namespaceAnnotations)
        .ifPresent(ports -> annotations.put(OpaquePorts.ANNOTATION, ports));
    annotations.put("linkerd.io/created-by", "linkerd/proxy-injector " + config.version);
    annotations.put("linkerd.io/proxy-version", version(annotations));
    annotations.put("linkerd.io/trust-root-sha256", Sha256.hex(config.trustRoots));
    Map<String, String> labels = pod.getMetadata().getLabels();
    labels.put("linkerd.io/control-plane-ns", controlPlane);
    labels.put("linkerd.io/workload-ns", namespace);
    owner.proxyLabel().ifPresent(label -> labels.put(label, owner.name()));
    addContainers(pod, annotations);
  }

  private static boolean isInherited(String key) {
    return key.equals(InjectionDecision.INJECT)
        || (key.startsWith(CONFIG) && !OWN_ONLY.contains(key));
  }

  private String version(Map<String, String> annotations) {
    return annotations.getOrDefault(CONFIG + "proxy-version", config.version);
  }

  private void addContainers(Pod pod, Map<String, String> annotations) {
    ProxyParts parts = ProxyParts.of(values(annotations));
    parts.proxy.getEnv().addAll(environment(annotations));
    Container init = config.cni ? parts.validator : parts.init;
    mountToken(pod, config.cni ? List.of(parts.proxy) : List.of(parts.init, parts.proxy));
    List<Container> inits = pod.getSpec().getInitContainers();
    if (isNativeSidecar(annotations)) {
      parts.proxy.setRestartPolicy("Always");
      parts.proxy.setStartupProbe(parts.nativeStartupProbe);
      // before the pod's own init containers, whose traffic goes through the proxy as well
      inits.addAll(0, List.of(init, parts.proxy));
    } else {
      parts.proxy.setLifecycle(parts.awaitLifecycle);
      inits.add(init);
      pod.getSpec().getContainers().add(0, parts.proxy);
    }
    List<Volume> volumes = pod.getSpec().getVolumes();
    volumes.addAll(config.cni ? parts.volumes.subList(1, parts.volumes.size()) : parts.volumes);
  }

  private List<EnvVar> environment(Map<String, String> annotations) {
    EnvVar trust = new EnvVar("LINKERD2_PROXY_IDENTITY_TRUST_ANCHORS", config.trustRoots, null);
    EnvVar ingress = new EnvVar("LINKERD2_PROXY_INGRESS_MODE", "true", null);
    boolean isIngress = "ingress".equals(annotations.get(InjectionDecision.INJECT));
    return isIngress ? List.of(ingress, trust) : List.of(trust);
  }

  private boolean isNativeSidecar(Map<String, String> annotations) {
    String standard = String.valueOf(config.nativeSidecar);
    return Boolean.parseBoolean(
        annotations.getOrDefault(CONFIG + "proxy-enable-native-sidecar", standard));
  }

  private Map<String, String> values(Map<String, String> annotations) {
    Map<String, String> values = new HashMap<>();
    values.put("version", version(annotations));
    values.put("linkerd", controlPlane);
    values.put("skipInbound", annotations.getOrDefault(CONFIG + "skip-inbound-ports", "4567,4568"));
    values.put(
        "skipOutbound", annotations.getOrDefault(CONFIG + "skip-outbound-ports", "4567,4568"));
    values.put(
        "inboundPolicy",
        annotations.getOrDefault(CONFIG + "default-inbound-policy", "all-unauthenticated"));
    values.put(
        "opaquePorts", annotations.getOrDefault(OpaquePorts.ANNOTATION, OpaquePorts.DEFAULT));
    return values;
  }

  /** As the pod's first container has it mounted, if it has. */
  private static void mountToken(Pod pod, List<Container> containers) {
    pod.getSpec().getContainers().get(0).getVolumeMounts().stream()
        .filter(m -> m.getMountPath().equals("/var/run/secrets/kubernetes.io/serviceaccount"))
        .findFirst()
        .ifPresent(
            (VolumeMount mount) ->
                containers.forEach(container -> container.getVolumeMounts().add(mount)));
  }

  /** The fragments of proxy.yaml. */
  static final class ProxyParts {
    public Container init;
    public Container validator;
    public Container proxy;
    public Probe nativeStartupProbe;
    public Lifecycle awaitLifecycle;
    public List<Volume> volumes;

    static ProxyParts of(Map<String, String> values) {
      String yaml = Manifests.text("proxy.yaml", values);
      return Serialization.unmarshal(yaml, ProxyParts.class);
    }
  }
}
