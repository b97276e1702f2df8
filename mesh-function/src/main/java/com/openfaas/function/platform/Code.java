package com.openfaas.function.platform;

import java.util.Locale;

/**
 * The stable codes to branch on, in {@code workloads[].code} and {@code findings[].code}, with
 * their meanings. The message beside a code says what was observed on which object, the hint what
 * to do about it. Codes of the ingress controllers ({@code ingress_NAME}) come from their table.
 */
public enum Code {
  // Why a workload has its state
  INJECTION_ENABLE_ANNOTATION_ABSENT(
      "neither its namespace nor its pod template asks for injection"),
  ANNOTATED_NOT_INJECTED("injection is asked for, and its pods were created without the injector"),
  SOME_PODS_UNMESHED("only some of its ready pods have a proxy"),
  NO_REPLICAS("it is scaled to zero"),
  ROLLOUT_UNDER_WAY("its new pods are starting"),
  ROLLOUT_STUCK("its rollout does not complete: the message has the pod's own reason"),
  PROXY_VERSION_DIFFERS("its proxy has another version than the control plane"),
  TRUST_ROOT_DIFFERS("its proxy was started with another trust bundle"),
  INJECTION_DISABLE_ANNOTATION_PRESENT("its pod template opts out"),
  NAMESPACE_INJECT_DISABLED("its namespace opts out"),
  NAMESPACE_TERMINATING("its namespace is being deleted"),
  HOST_NETWORK_ENABLED("it uses the node's network"),
  SIDECAR_ALREADY_EXISTS("it has the proxy of another mesh, or one added by hand"),
  DISABLED_AUTOMOUNT_SERVICE_ACCOUNT_TOKEN_ACCOUNT(
      "it mounts no ServiceAccount token, and Linkerd is set up to need one"),
  DEPLOYMENT_PAUSED("its Deployment is paused: a change would not roll out"),
  UPDATE_STRATEGY_ON_DELETE("its DaemonSet replaces pods only when they are deleted"),
  WEBHOOK_EXCLUDES_NAMESPACE("the injector's webhook leaves it out"),
  WEBHOOK_EXCLUDES_POD("the injector's webhook leaves it out"),
  INVALID_INJECT_ANNOTATION_AT_NS("a value of `linkerd.io/inject` that Linkerd does not know"),
  INVALID_INJECT_ANNOTATION_AT_WORKLOAD(
      "a value of `linkerd.io/inject` that Linkerd does not know"),

  // Results of a change
  ROLLOUT_STOPPED("nothing moved for `mesh_patience`: rolled back"),
  NOT_INJECTED("its new pod is ready without a proxy: rolled back"),
  FAILED_BEFORE(
      "it was rolled back, or its change refused, less than a day ago, with this reason, "
          + "and is left as it is; the hint has the commands that try it again or opt it out"),
  MARK_REFUSED(
      "the cluster's admission refuses every write of mesh-setup to this object, the mark "
          + "that says so too: each run asks it once more, and where the process' last run told "
          + "the same, that is no HTTP 500 again"),
  MARK_UNUSABLE("the annotation that would say so was edited: it counts as absent"),
  GATEWAY_UNCONFIRMED(
      "a change of the gateway that is neither confirmed nor rolled back, and no run is in "
          + "progress"),
  SUPERSEDED("somebody else changed or deleted it meanwhile"),
  TAKEN_BACK(
      "the gateway: calls through it worked before its change and not for 30 s after it, so"
          + " its previous values were restored"),
  GATEWAY_UNTESTED(
      "mesh-setup could not call through the gateway before the change: the rollout alone "
          + "decides"),
  NO_FUNCTION_TO_CALL(
      "mesh-setup could not call through the gateway before the change: the rollout alone "
          + "decides"),
  NOT_SERVING("the gateway's pods are not all available"),
  GATEWAY_OFF_THE_MESH(
      "the gateway has opted out, cannot be meshed, or has no proxy while functions have "
          + "one: every call to a function is plaintext"),
  VALUES_REMOVED(
      "something removes what mesh-setup sets; the finding names the field manager and "
          + "holds the patch to commit"),
  RECORD_UNUSABLE(
      "the recorded previous values of an object were edited: they are not used, or only in"
          + " part"),
  RECORD_FOREIGN(
      "the recorded previous values of an object were edited: they are not used, or only in"
          + " part"),
  PROXY_KEPT("after `revert`: it keeps its proxy, because not mesh-setup asked for it"),
  HELD("a signed `revert` holds the platform"),

  // The platform
  GATEWAY_NOT_FOUND("the policy names something that is not there"),
  CORE_NOT_FOUND("the policy names something that is not there"),
  NAMESPACE_NOT_FOUND("the policy names something that is not there"),
  CONTROL_PLANE_NOT_FOUND("Linkerd, or its configuration, cannot be found"),
  LINKERD_CONFIG_UNREADABLE("Linkerd, or its configuration, cannot be found"),
  NATS_PORT_UNKNOWN("the gateway uses NATS, and its port is not known"),
  NATS_PORT_NOT_SKIPPED("a meshed NATS client does not skip NATS' port"),
  NATS_CLIENT_NOT_COVERED("a NATS client that `mesh_core` does not name"),
  NOT_COVERED("runs next to the gateway and is not changed: `mesh_core` does not name it"),
  FUNCTION_NAMESPACE_UNREAD(
      "it has the annotation `openfaas` and may not be read: taken for another "
          + "installation's"),
  STRAY_POD("a pod that has a workload's labels and is not owned by it"),
  INJECT_ON_METADATA(
      "`linkerd.io/inject`, or another of Linkerd's annotations, is where Linkerd does not "
          + "read it: on the Deployment itself, or as a label"),
  INJECT_IS_A_LABEL(
      "`linkerd.io/inject`, or another of Linkerd's annotations, is where Linkerd does not "
          + "read it: on the Deployment itself, or as a label"),
  CONFIG_ON_METADATA(
      "`linkerd.io/inject`, or another of Linkerd's annotations, is where Linkerd does not "
          + "read it: on the Deployment itself, or as a label"),
  ISTIO_INJECTION("a label or annotation asks Istio for its own proxy"),
  PROXY_VERSION_PINNED("an annotation pins the proxy's version"),
  TRUST_ANCHOR_EXPIRES(
      "a trust anchor in `linkerd-identity-trust-roots` ends within 60 days: warning; "
          + "within 7: error, unless its successor is in the bundle. The message counts the "
          + "meshed pods that have only an older bundle"),
  ISSUER_EXPIRES(
      "the issuer, as `linkerd-config` has it, ends so soon. Where cert-manager makes it, "
          + "its end stands in a Secret and in cert-manager's Certificate, and this account reads"
          + " neither: let cert-manager's own alerts tell, and `verify` finds proxies whose "
          + "certificate is not renewed"),
  LAST_RUN_FAILED(
      "the last run failed, and no mark on a workload tells of it: when, and what it came "
          + "to, from the event `MeshRun`"),
  WEBHOOK_CA_EXPIRES("the CA by which the API server knows the injector ends so soon"),
  SERVICE_PROFILE_DISABLES("a ServiceProfile disables the retries and timeouts of its Service"),

  // Only the gateway may call functions
  GATEWAY_REFUSED(
      "the functions refuse the gateway: it has lost its proxy, or its identity is not the "
          + "allowed one. The next `apply` first allows all callers"),
  NOT_PROTECTED("no proxy, one that skips port 8080, or no Server of mesh-setup's: anybody calls"),
  NOT_PROVEN(
      "calls past the gateway were to be refused, and this was not proven both ways: all "
          + "callers are allowed again; where that cannot be written, the hint does it"),
  SERVER_NEEDED(
      "`off` or `revert`, but without mesh-setup's Server the default inbound policy refuses "
          + "the gateway: the objects stay, and the Server allows all callers"),
  POLICY_OBJECTS_UNKNOWN(
      "the cluster has no Servers of Linkerd's, or of a release before 2.16: nothing is written"),
  ACCESS_POLICY_UNKNOWN(
      "the cluster has no Servers of Linkerd's, or of a release before 2.16: nothing is written"),
  POLICY_OBJECT_FOREIGN(
      "an object has the name that mesh-setup uses and is somebody else's: nothing is "
          + "written in its namespace"),
  SERVER_FOREIGN(
      "a Server of somebody else selects a function's pods and port: nothing is written in "
          + "its namespace"),
  AUTHORIZATION_FOREIGN(
      "an authorization of somebody else allows callers other than the gateway, or an "
          + "HTTPRoute is attached to mesh-setup's Server: nobody is refused yet; where others "
          + "are refused already, these get in"),
  ROUTE_FOREIGN(
      "an authorization of somebody else allows callers other than the gateway, or an "
          + "HTTPRoute is attached to mesh-setup's Server: nobody is refused yet; where others "
          + "are refused already, these get in"),
  POLICY_OBJECT_CHANGED(
      "under `enforce`: one of the three objects is not as `mesh_protect` and "
          + "`mesh_callers` say. The next `apply` sets it"),
  GATEWAY_NOT_MESHED("nobody is refused before these are on the mesh"),
  FUNCTIONS_NOT_MESHED("nobody is refused before these are on the mesh"),
  NOT_WATCHED(
      "nobody is refused before calls were watched for an hour, by the policy objects and "
          + "by every proxy's counters"),
  WATCHED_TOO_SHORT(
      "nobody is refused before calls were watched for an hour, by the policy objects and "
          + "by every proxy's counters"),
  COUNTED_TOO_SHORT(
      "nobody is refused before calls were watched for an hour, by the policy objects and "
          + "by every proxy's counters"),
  CALLER_WOULD_BE_CUT("somebody has called the function past the gateway"),
  NOBODY_TO_PROVE_WITH("it cannot be proven that calls past the gateway are refused"),
  OWN_ACCOUNT_ALLOWED("it cannot be proven that calls past the gateway are refused"),
  HELD_BACK("a failed check blocked everything else; refused callers are allowed nevertheless"),

  // Ingress
  INGRESS_CONTROLLER_NOT_FOUND("no workload, or several, could be the route's controller"),
  INGRESS_CONTROLLER_AMBIGUOUS("no workload, or several, could be the route's controller"),
  INGRESS_UNMESHED("the controller is not meshed"),
  INGRESS_NOT_OURS("the controller is one that mesh-setup does not change"),
  INGRESS_NAMESPACE_EXCLUDED("the injector's webhook excludes the controller's namespace"),
  INGRESS_KILLS_BEFORE_READY(
      "the controller's rollout stops the old pod before the new one is ready"),
  INGRESS_MODE_TRUSTS_HEADER(
      "in mode `ingress` the proxy obeys the header `l5d-dst-override`: other routes must "
          + "not pass a client's"),
  INGRESS_ROUTE_NEEDS("the route needs an object that is yours to apply; the hint holds it"),
  INGRESS_ROUTE_NOT_SET("the route does not dial the gateway's Service"),
  INGRESS_SNIPPET("the route has a `configuration-snippet` that has no effect any more"),
  INGRESS_CLIENT_ADDRESS(
      "meshed, the controller no longer sees its clients' addresses, which this route uses"),

  // Proof of mTLS
  POD_WITHOUT_PROXY("a serving pod has no proxy: plaintext"),
  SENT_IN_PLAINTEXT("the gateway's proxy sent to it without an identity: plaintext"),
  IDENTITY_UNEXPECTED("it answered, or was called, with another identity than expected"),
  NOTHING_COUNTED("it was called, and a proxy counted nothing of it"),
  NO_READY_POD("it has no ready pod"),
  POD_REPLACED("its pod was replaced during the test"),
  HEALTH_UNANSWERED("it did not answer through the gateway"),
  CALLERS_NOT_COUNTED(
      "not all callers of the function are counted: it has no proxy in each pod, or it "
          + "cannot be read"),
  FUNCTION_CALLED_PAST_GATEWAY(
      "a caller that `mesh_callers` does not name calls functions past the gateway; "
          + "`callers[]` has all of them"),
  FUNCTION_LABEL_MISSING(
      "the pods of a function lack the label `faas_function`, by which the Server of "
          + "`mesh_protect` selects them: no caller will be refused"),
  CALLER_REFUSED("the functions' proxies refuse a caller past the gateway"),
  METRICS_FORBIDDEN("a proxy's metrics cannot be read; the hint holds the objects that allow it"),
  METRICS_UNREADABLE("a proxy's metrics cannot be read; the hint holds the objects that allow it"),
  METRICS_TOO_LARGE("a proxy's metrics do not fit in the memory of mesh-setup"),
  GATEWAY_CALLED_IN_PLAINTEXT("the gateway has received requests without TLS"),
  CERTIFICATE_EXPIRED("a proxy's certificate"),
  CERTIFICATE_NOT_RENEWED("a proxy's certificate"),
  TIME_OVER("the time of the run was over before it was called"),

  // The API server, and the run itself
  FORBIDDEN("RBAC does not allow it"),
  UNAUTHORIZED("the token is not accepted"),
  ADMISSION_REFUSED("a quota, Pod Security, a webhook or a policy refused it"),
  NOT_FOUND("there is no such object"),
  CONFLICT("somebody else changed the object at the same moment"),
  GONE("the API server no longer has the state a list or watch began with"),
  API_REFUSED("the API server refused the request"),
  API_UNAVAILABLE(
      "the API server fails, or does not answer; where mesh-setup's own proxy may be the "
          + "cause, the message says so"),
  API_UNREACHABLE(
      "the API server fails, or does not answer; where mesh-setup's own proxy may be the "
          + "cause, the message says so"),
  NO_CLUSTER("the function does not run on Kubernetes, or has no token"),
  NO_ACCOUNT("the function does not run on Kubernetes, or has no token"),
  BUSY("another run holds the Lease, or too many calls wait"),
  RUN_UNDER_WAY("a run goes on after its answer; the message says how far it is"),
  LEASE_EDITED("the Lease was edited"),
  INTERRUPTED("the process was told to stop"),
  UNEXPECTED("an error of mesh-setup itself: please report it");

  /** In one sentence, as in docs/report.md. */
  public final String meaning;

  Code(String meaning) {
    this.meaning = meaning;
  }

  /** The code of a word that is in {@link #values()}. */
  public static Code of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }

  public boolean is(String word) {
    return toString().equals(word);
  }

  /** As in reports. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
