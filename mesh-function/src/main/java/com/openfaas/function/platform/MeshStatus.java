package com.openfaas.function.platform;

import com.google.gson.annotations.SerializedName;
import com.openfaas.function.platform.ControlPlane.LinkerdConfig;
import com.openfaas.function.platform.Workload.Rollout;
import com.openfaas.function.platform.Workload.Template;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A workload's state on the mesh, with the reason as a code and as a sentence. */
public final class MeshStatus {
  public final State state;

  /**
   * Linkerd's own reason id if it has one (linkerd2 pkg/inject/report.go); empty without a reason.
   */
  public final String code;

  public final String message;

  public MeshStatus(State state, String code, String message) {
    this.state = Objects.requireNonNull(state);
    this.code = Objects.requireNonNull(code);
    this.message = Objects.requireNonNull(message);
  }

  public MeshStatus(State state, Code code, String message) {
    this(state, code.toString(), message);
  }

  /** A workload's state on the mesh, by its pods. */
  public enum State {
    /** Every ready pod has a ready proxy. */
    @SerializedName("meshed")
    MESHED,
    /** No ready pod has a ready proxy. */
    @SerializedName("unmeshed")
    UNMESHED,
    /** Some ready pods have one. */
    @SerializedName("partial")
    PARTIAL,
    /** A rollout is in progress, or did not complete. */
    @SerializedName("rolling")
    ROLLING,
    /** Meshed, but the proxy's version or trust root is not the control plane's. */
    @SerializedName("stale")
    STALE,
    /** Scaled to zero: its namespace meshes it at the next start. */
    @SerializedName("idle")
    IDLE,
    /** The operator has set {@code linkerd.io/inject: disabled}. */
    @SerializedName("optedOut")
    OPTED_OUT,
    /** Linkerd would not inject it, or it cannot be rolled out. */
    @SerializedName("unsupported")
    UNSUPPORTED;

    /** Whether its traffic is on the mesh now. */
    public boolean isMeshed() {
      return this == MESHED || this == STALE;
    }

    /** Whether a run should still change it, or wait until it settles. */
    public boolean isUnfinished() {
      return this == UNMESHED || this == PARTIAL || this == ROLLING;
    }

    /** For a sentence. */
    public String words() {
      return this == OPTED_OUT ? "opted out" : toString();
    }

    /** For reports. */
    @Override
    public String toString() {
      return this == OPTED_OUT ? "optedOut" : name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Evaluates a workload's mesh status: first whether Linkerd would inject it at all, then by its
   * pods. The first matching rule decides.
   *
   * <p>How Linkerd reads the annotation {@code linkerd.io/inject} (linkerd2 pkg/inject/report.go):
   *
   * <pre>
   *   namespace \ pod     none     enabled  ingress  disabled  other
   *   none, disabled      no       yes      yes      no        no
   *   enabled, ingress    yes      yes      yes      no        no
   *   other               no       no       no       no        no
   * </pre>
   */
  static final class Evaluator {
    private final ControlPlane plane;

    /** Linkerd's defaults if the configuration is unknown. */
    final LinkerdConfig config;

    /**
     * @param plane null if no control plane is known: then the webhook's selectors are not applied
     */
    Evaluator(ControlPlane plane) {
      this.plane = plane;
      this.config = plane == null ? LinkerdConfig.defaults() : plane.configOrDefaults();
    }

    MeshStatus evaluate(Workload workload, NamespaceView namespace) {
      MeshStatus refusal = refusal(workload, namespace);
      if (refusal != null) {
        return refusal;
      }
      if (workload.rollout.wanted == 0) {
        return new MeshStatus(State.IDLE, Code.NO_REPLICAS, "no replicas are desired");
      }
      if (!workload.rollout.isDone()) {
        return rolling(workload);
      }
      return byPods(workload, namespace);
    }

    private MeshStatus refusal(Workload workload, NamespaceView namespace) {
      Template template = workload.template;
      if (namespace.terminating) {
        return unsupported(Code.NAMESPACE_TERMINATING, "the namespace is being deleted");
      }
      if (Annotations.DISABLED.equals(template.inject()) && !FailedMark.isDisabledByUs(workload)) {
        return optedOut(
            Code.INJECTION_DISABLE_ANNOTATION_PRESENT,
            "pod has the annotation \"linkerd.io/inject:disabled\"");
      }
      if (Annotations.DISABLED.equals(namespace.inject()) && template.inject() == null) {
        return optedOut(
            Code.NAMESPACE_INJECT_DISABLED,
            "namespace has the annotation \"linkerd.io/inject:disabled\"");
      }
      if (!Annotations.isValid(namespace.inject())) {
        return invalid(Code.INVALID_INJECT_ANNOTATION_AT_NS, "namespace", namespace.inject());
      }
      if (!Annotations.isValid(template.inject())) {
        return invalid(Code.INVALID_INJECT_ANNOTATION_AT_WORKLOAD, "workload", template.inject());
      }
      MeshStatus excluded = byWebhook(template, namespace);
      return excluded == null ? byPodSpec(workload) : excluded;
    }

    private MeshStatus byWebhook(Template template, NamespaceView namespace) {
      if (plane == null) {
        return null;
      }
      if (!plane.namespaceSelector.matches(namespace.labels)) {
        return unsupported(
            Code.WEBHOOK_EXCLUDES_NAMESPACE,
            "the injector's webhook excludes namespace "
                + namespace.name
                + ", "
                + namespace.whyExcluded());
      }
      if (!plane.objectSelector.matches(template.labels)) {
        return unsupported(Code.WEBHOOK_EXCLUDES_POD, "the injector's webhook excludes such pods");
      }
      return null;
    }

    private MeshStatus byPodSpec(Workload workload) {
      Template template = workload.template;
      if (template.hostNetwork) {
        return unsupported(Code.HOST_NETWORK_ENABLED, "hostNetwork is enabled");
      }
      if (hasForeignSidecar(template)) {
        return unsupported(Code.SIDECAR_ALREADY_EXISTS, "pod has a sidecar injected already");
      }
      if (!template.automount && !config.tokenProjection) {
        return unsupported(
            Code.DISABLED_AUTOMOUNT_SERVICE_ACCOUNT_TOKEN_ACCOUNT,
            "automountServiceAccountToken set to \"false\", with "
                + "Values.identity.serviceAccountTokenProjection set to \"false\"");
      }
      if (workload.rollout.paused && !allServing(workload, PodView::isMeshed)) {
        return workload.object.kind == Kind.DAEMON_SET
            ? unsupported(
                Code.UPDATE_STRATEGY_ON_DELETE, "its pods are replaced only when they are deleted")
            : unsupported(
                Code.DEPLOYMENT_PAUSED, "the Deployment is paused: a change would not roll out");
      }
      return null;
    }

    private static boolean hasForeignSidecar(Template template) {
      return template.hasContainer(Istio.PROXY_CONTAINER)
          || template.hasContainer("istio-init")
          || (template.hasContainer(Annotations.PROXY_CONTAINER)
              && !Annotations.isInjected(template.annotations));
    }

    private MeshStatus byPods(Workload workload, NamespaceView namespace) {
      List<PodView> serving =
          workload.pods.stream().filter(PodView::isServing).collect(Collectors.toList());
      long meshed = serving.stream().filter(PodView::isMeshed).count();
      if (serving.isEmpty()) {
        return rolling(workload);
      }
      if (meshed == serving.size()) {
        return meshed(serving, pinnedVersion(workload, namespace));
      }
      if (meshed > 0) {
        return new MeshStatus(
            State.PARTIAL,
            Code.SOME_PODS_UNMESHED,
            meshed + " of " + serving.size() + " ready pods have a ready proxy");
      }
      FailedMark mark = FailedMark.on(workload.object);
      if (mark != null) {
        return new MeshStatus(State.UNMESHED, Code.FAILED_BEFORE, mark.told());
      }
      boolean asked =
          Annotations.asksForInjection(workload.template.inject())
              || Annotations.asksForInjection(namespace.inject());
      return asked
          ? new MeshStatus(
              State.UNMESHED,
              Code.ANNOTATED_NOT_INJECTED,
              "injection is asked for, yet the pods have no proxy: they were created without the"
                  + " injector")
          : new MeshStatus(
              State.UNMESHED,
              Code.INJECTION_ENABLE_ANNOTATION_ABSENT,
              "neither the namespace nor the pod have the annotation \"linkerd.io/inject:enabled\"");
    }

    /** The proxy version that the pod template, or else the namespace, pins; null for none. */
    private static String pinnedVersion(Workload workload, NamespaceView namespace) {
      String ofTemplate = workload.template.annotations.get(Annotations.PINNED_PROXY_VERSION);
      return ofTemplate == null
          ? namespace.annotations.get(Annotations.PINNED_PROXY_VERSION)
          : ofTemplate;
    }

    String proxyVersion(Workload workload, NamespaceView namespace) {
      String pinned = pinnedVersion(workload, namespace);
      return pinned == null ? config.proxyVersion : pinned;
    }

    private MeshStatus meshed(List<PodView> serving, String pinned) {
      String desired = pinned == null ? config.proxyVersion : pinned;
      for (PodView pod : serving) {
        if (differs(desired, pod, Annotations.PROXY_VERSION)) {
          return new MeshStatus(
              State.STALE,
              Code.PROXY_VERSION_DIFFERS,
              "proxy "
                  + pod.annotations.get(Annotations.PROXY_VERSION)
                  + (pinned == null ? ", control plane " : ", pinned to ")
                  + desired);
        }
        if (differs(config.trustRoot, pod, Annotations.TRUST_ROOT)) {
          return new MeshStatus(
              State.STALE, Code.TRUST_ROOT_DIFFERS, "the proxy has another trust bundle");
        }
      }
      return new MeshStatus(State.MESHED, "", "");
    }

    private static boolean differs(String expected, PodView pod, String annotation) {
      String actual = pod.annotations.get(annotation);
      return !expected.isEmpty() && actual != null && !expected.equals(actual);
    }

    private static MeshStatus rolling(Workload workload) {
      Rollout rollout = workload.rollout;
      String trouble =
          workload.pods.stream()
              .filter(pod -> !pod.leaving && !pod.trouble.isEmpty())
              .map(pod -> "pod " + pod.name + ": " + pod.trouble)
              .findFirst()
              .orElse(rollout.complaint);
      String progress =
          rollout.updated
              + " of "
              + rollout.wanted
              + " pods updated, "
              + rollout.available
              + " available";
      return trouble.isEmpty()
          ? new MeshStatus(State.ROLLING, Code.ROLLOUT_UNDER_WAY, progress)
          : new MeshStatus(State.ROLLING, Code.ROLLOUT_STUCK, progress + "; " + trouble);
    }

    private static boolean allServing(Workload workload, Predicate<PodView> rule) {
      return workload.pods.stream().filter(PodView::isServing).allMatch(rule);
    }

    private static MeshStatus unsupported(Code code, String message) {
      return new MeshStatus(State.UNSUPPORTED, code, message);
    }

    private static MeshStatus optedOut(Code code, String message) {
      return new MeshStatus(State.OPTED_OUT, code, message);
    }

    private static MeshStatus invalid(Code code, String where, String value) {
      return unsupported(
          code,
          "invalid value for annotation \"linkerd.io/inject\" at " + where + ": \"" + value + '"');
    }
  }
}
