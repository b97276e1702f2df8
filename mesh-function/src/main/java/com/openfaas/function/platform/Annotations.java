package com.openfaas.function.platform;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/** The annotations and values in use, with Linkerd's names or ours. */
public final class Annotations {
  /** On namespaces and pod templates: {@code enabled}, {@code ingress} or {@code disabled}. */
  public static final String INJECT = "linkerd.io/inject";

  public static final String ENABLED = "enabled";
  public static final String INGRESS = "ingress";
  public static final String DISABLED = "disabled";

  /** A list of ports or ranges; setting it replaces the cluster's default. */
  public static final String SKIP_OUTBOUND_PORTS = "config.linkerd.io/skip-outbound-ports";

  /** The same for inbound ports. */
  public static final String SKIP_INBOUND_PORTS = "config.linkerd.io/skip-inbound-ports";

  /** Ports whose bytes the proxy forwards unchanged, also if the server speaks first. */
  public static final String OPAQUE_PORTS = "config.linkerd.io/opaque-ports";

  /** The port of the proxy's admin server instead of 4191, as a pod may choose. */
  public static final String ADMIN_PORT = "config.linkerd.io/admin-port";

  /** The default policy of the proxy's inbound side; read when the pod is created. */
  public static final String INBOUND_POLICY = "config.linkerd.io/default-inbound-policy";

  /** On injected pods: the proxy's version. */
  public static final String PROXY_VERSION = "linkerd.io/proxy-version";

  /** The CPU request of a pod's proxy. */
  public static final String PROXY_CPU_REQUEST = "config.linkerd.io/proxy-cpu-request";

  /** By its names, newest first: whether the proxy is a native sidecar, which ends with its pod. */
  public static final List<String> NATIVE_SIDECAR =
      List.of(
          "config.linkerd.io/proxy-enable-native-sidecar",
          "config.beta.linkerd.io/proxy-enable-native-sidecar",
          "config.alpha.linkerd.io/proxy-enable-native-sidecar");

  /** On a pod template or a namespace: the proxy version the operator has pinned. */
  public static final String PINNED_PROXY_VERSION = "config.linkerd.io/proxy-version";

  /** On injected pods: the injector that did it, or {@code linkerd inject --manual}. */
  public static final String CREATED_BY = "linkerd.io/created-by";

  /** On injected pods: hex SHA-256 of the trust bundle they were created with. */
  public static final String TRUST_ROOT = "linkerd.io/trust-root-sha256";

  private static final String PREFIX = "mesh-setup.openfaas.com/";

  /** Ours, on the pod template: when we restarted it. */
  public static final String RESTARTED_AT = PREFIX + "restartedAt";

  /** Ours, on the changed object: the values before our change, as JSON; null = absent. */
  public static final String PREVIOUS = PREFIX + "previous";

  /** Ours, on the gateway: when we last set again what somebody had removed. */
  public static final String SET_AT = PREFIX + "setAt";

  /** Ours, on the gateway: a change whose effect on calls through it is not confirmed yet. */
  public static final String UNCONFIRMED = PREFIX + "unconfirmed";

  /** Ours, on a Server that refuses: since when, while the refusal is not proven. */
  public static final String UNPROVEN = PREFIX + "unproven";

  /** Ours, on a workload that was rolled back: a {@link FailedMark}. */
  public static final String FAILED = PREFIX + "failed";

  private static final Set<String> LOOKED_AT =
      Set.of(
          INJECT,
          SKIP_OUTBOUND_PORTS,
          SKIP_INBOUND_PORTS,
          INBOUND_POLICY,
          PROXY_VERSION,
          TRUST_ROOT,
          RESTARTED_AT,
          PREVIOUS,
          SET_AT,
          UNCONFIRMED,
          CREATED_BY,
          PINNED_PROXY_VERSION,
          ADMIN_PORT,
          Istio.INJECT,
          OPAQUE_PORTS,
          "config.linkerd.io/inbound-port",
          PROXY_CPU_REQUEST,
          NATIVE_SIDECAR.get(0),
          NATIVE_SIDECAR.get(1),
          NATIVE_SIDECAR.get(2),
          "config.alpha.linkerd.io/proxy-wait-before-exit-seconds",
          FAILED);

  /** The injector's container, among the containers or (native sidecar) the init containers. */
  public static final String PROXY_CONTAINER = "linkerd-proxy";

  private Annotations() {}

  /**
   * Whether an annotation of a workload or a pod is used. Only those are kept: a function's
   * deployer may write 256 KiB of others, and a platform has many functions. A new key must be
   * added to the list.
   */
  public static boolean isLookedAt(String key) {
    return LOOKED_AT.contains(key);
  }

  /** Whether we set it on pod templates, even if others do too: the template's hash omits it. */
  public static boolean isOurs(String key) {
    return key.startsWith(PREFIX)
        || key.equals(INJECT)
        || key.equals(SKIP_OUTBOUND_PORTS)
        || key.equals(SKIP_INBOUND_PORTS);
  }

  /** Whether the value asks for injection. */
  public static boolean asksForInjection(String value) {
    return ENABLED.equals(value) || INGRESS.equals(value);
  }

  /** Whether Linkerd injected the proxy: the container's name alone proves nothing. */
  public static boolean isInjected(Map<String, String> ofPod) {
    return ofPod.containsKey(PROXY_VERSION) || ofPod.containsKey(CREATED_BY);
  }

  /** Whether Linkerd knows the value; it injects no pod under an unknown one. */
  public static boolean isValid(String value) {
    return value == null || asksForInjection(value) || DISABLED.equals(value);
  }

  /** The desired annotations that differ from the present ones; null: must be absent. */
  public static Map<String, String> lacking(
      Map<String, String> present, Map<String, String> desired) {
    Map<String, String> lacking = new TreeMap<>(desired);
    lacking
        .entrySet()
        .removeIf(each -> Objects.equals(each.getValue(), present.get(each.getKey())));
    return lacking;
  }
}
