package com.openfaas.function.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Sample;
import com.openfaas.function.platform.Workload.Role;
import com.openfaas.function.rollout.Steps;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName(
    "A refusal of admission names the annotation or the object to change, and where it goes")
class RefusalTest {
  private static final String NAMESPACE = "kubectl annotate namespace openfaas-fn ";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "failed quota: team: must specify limits.cpu for: linkerd-init,linkerd-proxy;"
            + " requests.memory for: linkerd-init,linkerd-proxy | proxy-cpu-limit=500m"
            + " config.linkerd.io/proxy-memory-request=20Mi; or the same",
        "failed quota: team: must specify limits.memory for: linkerd-proxy |"
            + " proxy-memory-limit=250Mi; or the same",
        "failed quota: team: must specify requests.ephemeral-storage for: linkerd-proxy |"
            + " proxy-ephemeral-storage-request=50Mi; or the same",
        "failed quota: team: must specify cpu,limits.memory | proxy-cpu-request=100m"
            + " config.linkerd.io/proxy-memory-limit=250Mi; or the same",
        "failed quota: team: must specify requests.cpu for: figlet,linkerd-proxy | container figlet"
            + " names no requests.cpu",
        "exceeded quota: team, requested: limits.cpu=1,pods=1, used: limits.cpu=4,pods=9, limited:"
            + " limits.cpu=4,pods=9 | raise the ResourceQuota team for limits.cpu, pods, or have a"
            + " smaller proxy: kubectl annotate namespace openfaas-fn"
            + " config.linkerd.io/proxy-cpu-limit=500m; or the same",
        "exceeded quota: tight, requested: pods=1, used: pods=1, limited: pods=1 | raise the"
            + " ResourceQuota tight for pods: a rollout needs room",
        "minimum cpu usage per Container is 50m, but request is 10m | proxy-cpu-request=50m; or the"
            + " same under annotations of the function in stack.yml, with at least 50m; or change"
            + " the LimitRange",
        "minimum memory usage per Container is 64Mi.  No request is specified |"
            + " proxy-memory-request=64Mi; or",
        "maximum ephemeral-storage usage per Container is 1Gi, but limit is 2Gi |"
            + " proxy-ephemeral-storage-limit=1Gi; or",
        "maximum cpu usage per Pod is 1, but limit is 1100m | with at most 1; or change the"
            + " LimitRange: kubectl -n openfaas-fn get limitrange",
        "cpu max limit to request ratio per Container is 2, but provided ratio is 10.000000 |"
            + " proxy-cpu-limit=500m config.linkerd.io/proxy-cpu-request=500m",
        "violates PodSecurity \"baseline:latest\": non-default capabilities (container"
            + " \"linkerd-init\" must not include \"NET_ADMIN\") | kubectl label namespace"
            + " openfaas-fn --overwrite pod-security.kubernetes.io/enforce=privileged",
        "unable to validate against any security context constraint: [...] | oc -n openfaas-fn adm"
            + " policy add-scc-to-user",
        "ValidatingAdmissionPolicy 'no-net-admin' with binding 'everywhere' denied request:"
            + " capability NET_ADMIN is not allowed here | from ValidatingAdmissionPolicyBinding"
            + " everywhere",
        "admission webhook \"validate.kyverno.svc-fail\" denied the request: no NET_RAW | the"
            + " webhook validate.kyverno.svc-fail names",
        "Internal error occurred: failed calling webhook \"linkerd-proxy-injector.linkerd.io\" |"
            + " kubectl -n mesh get pods",
        "no PriorityClass with name x was found | change what the message names",
      })
  void namesWhatToChange(String refusal, String hint) {
    assertThat(hint(refusal)).contains(hint).doesNotContain("create role");
  }

  @Test
  @DisplayName(
      "the annotation goes to the namespace, or to the function in stack.yml, or the pod template")
  void saysWhereItGoes() {
    String quota = "failed quota: team: must specify limits.cpu for: linkerd-proxy";
    assertThat(hint(quota)).startsWith(NAMESPACE).contains("of the function in stack.yml");
    var gateway = Sample.of(Role.GATEWAY, "openfaas", "gateway").unmeshed(1).workload();
    assertThat(new Refusal(Steps.enabling(gateway), problem(quota), "mesh").hint())
        .startsWith("kubectl annotate namespace openfaas ")
        .contains("on the pod template of deployment openfaas/gateway");
  }

  private static String hint(String refusal) {
    var figlet = Sample.function().unmeshed(1).workload();
    return new Refusal(Steps.enabling(figlet), problem(refusal), "mesh").hint();
  }

  private static Problem problem(String refusal) {
    return new Problem(
        "admission_refused",
        "pods",
        "pods \"x\" is forbidden: " + refusal,
        "change what the message names");
  }
}
