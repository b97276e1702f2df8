package com.openfaas.function.plan;

import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.InboundRules;
import com.openfaas.function.platform.InboundRules.Admission.Answer;
import com.openfaas.function.platform.InboundRules.PolicyObject;
import com.openfaas.function.platform.InboundRules.Server;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.platform.Workload.Role;
import com.openfaas.function.policy.Policy.Protect;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What keeps callers past the gateway from being refused, by the observation alone. */
final class Obstacles {
  private static final int NAMED = 5;

  private final Protection protection;
  private final Scope scope;
  private final Platform platform;
  private final InboundRules rules;
  private final List<Problem> found = new ArrayList<>();

  Obstacles(Protection protection, Scope scope, InboundRules rules) {
    this.protection = protection;
    this.scope = scope;
    this.platform = scope.platform;
    this.rules = rules;
  }

  /** Why nothing can be written; null if it can. */
  Problem hindrance() {
    String namespace = "namespace " + protection.namespace;
    if (!rules.installed) {
      return new Problem(
          Code.POLICY_OBJECTS_UNKNOWN,
          namespace,
          "the cluster does not know Linkerd's Servers",
          "linkerd install --crds | kubectl apply -f -");
    }
    if (!rules.audits) {
      return new Problem(
          Code.ACCESS_POLICY_UNKNOWN,
          namespace,
          "Linkerd's Servers are of a version without accessPolicy, and would refuse at once",
          "upgrade Linkerd to 2.16 or later");
    }
    return protection
        .objects()
        .filter(PolicyObject::isForeign)
        .findFirst()
        .map(Obstacles::foreign)
        .orElseGet(this::foreignServer);
  }

  private static Problem foreign(PolicyObject object) {
    return new Problem(
        Code.POLICY_OBJECT_FOREIGN,
        object.object.subject(),
        "it has the name that mesh-setup uses, but mesh-setup did not create it: nothing is written"
            + " in its namespace",
        "see whose it is: " + seen(object) + "; then delete it, or set mesh_protect: \"off\"");
  }

  private static String seen(PolicyObject object) {
    Annotated it = object.object;
    return String.format(
        "kubectl -n %s get %s.policy.linkerd.io %s -o yaml --show-managed-fields",
        it.namespace, it.kind.resource, it.name);
  }

  private Problem foreignServer() {
    for (Workload function : protection.functions().collect(Collectors.toList())) {
      for (Server server : rules.serversOf(function, Platform.PORT)) {
        if (!server.name.equals(PolicyObject.NAME)) {
          return new Problem(
              Code.SERVER_FOREIGN,
              server.subject(),
              "it selects the pods of "
                  + function.subject()
                  + " on port 8080, and of two such Servers only the older takes effect: nothing is"
                  + " written in its namespace",
              "kubectl -n "
                  + protection.namespace
                  + " delete servers.policy.linkerd.io "
                  + server.name
                  + ", or keep it and set mesh_protect: \"off\"");
        }
      }
    }
    return null;
  }

  /** Why the Server must stay: the default policy of pods with a proxy refuses the gateway. */
  Problem ofGoing() {
    return protection
        .functions()
        .filter(protection::isCovered)
        .filter(function -> rules.serversOf(function, Platform.PORT).size() == 1)
        .filter(function -> function.pods.stream().anyMatch(PodView::isMeshed))
        .map(function -> platform.admissionByDefault(platform.gateway.value, function))
        .filter(admission -> !admission.is(Answer.ADMITTED))
        .findFirst()
        .map(admission -> needed(admission.by))
        .orElse(null);
  }

  private Problem needed(String by) {
    String message = "it stays and allows all callers: without it the gateway is refused by " + by;
    String hint =
        "set config.linkerd.io/default-inbound-policy: all-unauthenticated and restart the functions,"
            + " or admit the gateway by a Server and an AuthorizationPolicy of your own, and repeat";
    return new Problem(Code.SERVER_NEEDED, server(), message, hint);
  }

  /** Why nobody may be refused yet, with reasons found elsewhere. */
  List<Problem> all(Instant at, List<Problem> more) {
    found.addAll(more);
    Workload gateway = platform.gateway.value;
    if (gateway == null || !PodView.allMeshed(gateway.pods)) {
      String subject = gateway == null ? "gateway" : gateway.subject();
      String hint =
          gateway == null ? "invoke status" : gateway.howToMesh(platform.namespaceOf(gateway));
      add(Code.GATEWAY_NOT_MESHED, subject, "not every serving pod of it has a proxy", hint);
    }
    ofFunctions();
    ofTime(at);
    ofOthers();
    ofProof();
    return List.copyOf(found);
  }

  /** What admits others while the Server refuses callers, or will admit them. */
  List<Problem> gaps() {
    protection
        .objects()
        .filter(object -> !protection.isAsWanted(object.object.kind))
        .forEach(
            object ->
                add(
                    Code.POLICY_OBJECT_CHANGED,
                    object.object.subject(),
                    "it is not as mesh_protect and mesh_callers say: a setting is new, or somebody"
                        + " has changed it",
                    "to set it: invoke apply; who has written to it: " + seen(object)));
    ofOthers();
    return List.copyOf(found);
  }

  private void ofFunctions() {
    List<String> coming =
        protection
            .functions()
            .filter(function -> function.role == Role.FUNCTION)
            .filter(function -> platform.status(function).state.isUnfinished())
            .map(function -> function.name)
            .collect(Collectors.toList());
    if (!coming.isEmpty()) {
      add(
          Code.FUNCTIONS_NOT_MESHED,
          "namespace " + protection.namespace,
          coming.size()
              + " of its functions are to be meshed and are not yet: "
              + coming.stream().limit(NAMED).collect(Collectors.joining(", "))
              + (coming.size() > NAMED ? ", ..." : ""),
          "invoke apply; or opt them out: linkerd.io/inject: disabled");
    }
  }

  /** Existing objects must already be as desired, except for what is to be set now. */
  private void ofTime(Instant at) {
    boolean whole = protection.objects().allMatch(it -> protection.isAsWanted(it.object.kind));
    if (protection.now == Protect.OFF || protection.since == null || !whole) {
      add(Code.NOT_WATCHED, server(), "callers are not counted yet", "invoke apply");
    } else if (protection.now == Protect.AUDIT
        && protection.since.plus(Protection.WATCHED).isAfter(at)) {
      Duration left = Duration.between(at, protection.since.plus(Protection.WATCHED));
      add(
          Code.WATCHED_TOO_SHORT,
          server(),
          "callers have been counted since " + protection.since + ", and an hour is required",
          "wait for " + (left.toMinutes() + 1) + " min; the next apply after that continues");
    }
  }

  /** Authorizations of others that admit callers, and routes, which decide on each request. */
  private void ofOthers() {
    for (Server server : rules.servers) {
      if (!server.subject().equals(server())) {
        continue;
      }
      String ours = "authorizationpolicy " + protection.namespace + "/" + PolicyObject.NAME;
      rules.authorizations.stream()
          .filter(other -> other.isFor(server) && !other.subject.equals(ours))
          .forEach(
              other ->
                  add(
                      Code.AUTHORIZATION_FOREIGN,
                      other.subject,
                      "it allows others than the gateway to call the functions of its namespace",
                      "delete it; mesh_callers names who may call: monitoring/prometheus"));
      if (rules.routeOf(server) != null) {
        add(
            Code.ROUTE_FOREIGN,
            rules.routeOf(server),
            "it is attached to " + server.subject() + ", so the kubelet's probes would be refused",
            "delete it, or take that Server out of its parentRefs");
      }
    }
  }

  private void ofProof() {
    if (protection.provable().isEmpty()) {
      add(
          Code.NOBODY_TO_PROVE_WITH,
          "namespace " + protection.namespace,
          "no function of it except mesh-setup is meshed and covered by its Server, so there is none"
              + " to call to prove that calls past the gateway are refused",
          "nothing to do: there is no function to protect yet");
    }
    String allowed = PolicySpec.authentication(scope);
    for (Workload self : platform.workloads) {
      for (String account : PolicySpec.accounts(self)) {
        if (self.role == Role.SELF && PolicySpec.admits(allowed, account)) {
          add(
              Code.OWN_ACCOUNT_ALLOWED,
              self.subject(),
              account
                  + " is the gateway's account or in mesh_callers, and mesh-setup's own, too: that"
                  + " calls past the gateway are refused cannot be proven",
              "give the one that may call an account of its own");
        }
      }
    }
  }

  private String server() {
    return "server " + protection.namespace + "/" + PolicyObject.NAME;
  }

  private void add(Code code, String subject, String message, String hint) {
    found.add(new Problem(code, subject, message, hint));
  }
}
