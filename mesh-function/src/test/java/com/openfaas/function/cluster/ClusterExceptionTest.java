package com.openfaas.function.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.platform.Problem;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A refusal of admission is told from one of RBAC, whatever its code")
class ClusterExceptionTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "403 | pods is forbidden: User \"system:serviceaccount:openfaas-fn:mesh-setup\" cannot create resource \"pods\" in API group \"\" in the namespace \"openfaas-fn\" | forbidden",
        "403 | deployments.apps \"figlet\" is forbidden: User \"x\" cannot patch resource \"deployments\" in API group \"apps\" in the namespace \"y\": no role | forbidden",
        "403 | forbidden: User \"system:anonymous\" cannot get path \"/api\" | forbidden",
        "403 | no | forbidden",
        "403 | pods \"env-zdb9v\" is forbidden: minimum cpu usage per Container is 50m, but request is 10m | admission_refused",
        "403 | pods \"env-x\" is forbidden: failed quota: team: must specify limits.cpu | admission_refused",
        "403 | pods \"env-x\" is forbidden: violates PodSecurity \"baseline:latest\": x | admission_refused",
        "403 | pods \"env-x\" is forbidden: ValidatingAdmissionPolicy 'a' with binding 'b' denied request: no | admission_refused",
        "403 | admission webhook \"check.gatekeeper.sh\" denied the request: no | admission_refused",
        "400 | admission webhook \"validate.kyverno.svc-fail\" denied the request: no | admission_refused",
        "422 | deployments.apps \"figlet\" is invalid: ValidatingAdmissionPolicy 'a' with binding 'b' denied request: no | admission_refused",
        "422 | deployments.apps \"figlet\" is invalid: spec.template: Required value | api_refused",
      })
  void isToldApart(int code, String message, String expected) {
    Problem problem = problem(new KubernetesClientException("", code, status(message)));
    assertThat(problem.code).isEqualTo(expected);
    assertThat(problem.message).endsWith(message);
    assertThat(problem.hint.contains("role")).isEqualTo(expected.equals("forbidden"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pods is forbidden: User \"system:serviceaccount:fn:mesh-setup\" cannot create resource \"pods\" in API group \"\" in the namespace \"fn\" | kubectl -n fn create role mesh-setup-create-pods --verb=create --resource=pods && kubectl -n fn create rolebinding mesh-setup-create-pods --role=mesh-setup-create-pods --serviceaccount=fn:mesh-setup",
        "deployments.apps \"figlet\" is forbidden: User \"system:serviceaccount:fn:m\" cannot patch resource \"deployments\" in API group \"apps\" in the namespace \"y\" | kubectl -n y create role mesh-setup-patch-deployments-apps-figlet --verb=patch --resource=deployments.apps --resource-name=figlet && kubectl -n y create rolebinding mesh-setup-patch-deployments-apps-figlet --role=mesh-setup-patch-deployments-apps-figlet --serviceaccount=fn:m",
        "namespaces is forbidden: User \"system:serviceaccount:fn:m\" cannot list resource \"namespaces\" in API group \"\" at the cluster scope | kubectl create clusterrole mesh-setup-list-namespaces --verb=list --resource=namespaces && kubectl create clusterrolebinding mesh-setup-list-namespaces --clusterrole=mesh-setup-list-namespaces --serviceaccount=fn:m",
        "pods is forbidden: User \"system:serviceaccount:fn:m; reboot\" cannot list resource \"pods\" in API group \"\" | what mesh-setup may do: kubectl get rolebindings,clusterrolebindings -A -o wide"
      })
  @DisplayName("a missing right comes with the command that grants it, and nothing beyond it")
  void namesTheRight(String message, String hint) {
    assertThat(problem(new KubernetesClientException("", 403, status(message))).hint)
        .isEqualTo(hint);
  }

  @Test
  @DisplayName("a 403 without the API server's words is taken for a missing right")
  void withoutAStatus() {
    assertThat(problem(new KubernetesClientException("", 403, null)).code).isEqualTo("forbidden");
  }

  private static Problem problem(KubernetesClientException e) {
    return ClusterException.of(e, "create (dry run)", "pods").problem;
  }

  private static io.fabric8.kubernetes.api.model.Status status(String message) {
    return new StatusBuilder().withMessage(message).build();
  }
}
