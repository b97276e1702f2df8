package com.openfaas.function;

import com.openfaas.function.lab.TestPlatform;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** An admission policy that refuses an annotation on Ingresses, as a platform team may have one. */
final class Denial implements AutoCloseable {
  private static final String POLICY =
      "apiVersion: admissionregistration.k8s.io/v1\n"
          + "kind: ValidatingAdmissionPolicy\n"
          + "metadata: {name: ${name}}\n"
          + "spec:\n"
          + "  failurePolicy: Fail\n"
          + "  matchConstraints:\n"
          + "    resourceRules:\n"
          + "    - {apiGroups: [networking.k8s.io], apiVersions: [v1], operations: [UPDATE], resources: [ingresses]}\n"
          + "  validations:\n"
          + "  - expression: \"!has(object.metadata.annotations) || !('${key}' in object.metadata.annotations)\"\n"
          + "    message: no such annotation here\n"
          + "---\n"
          + "apiVersion: admissionregistration.k8s.io/v1\n"
          + "kind: ValidatingAdmissionPolicyBinding\n"
          + "metadata: {name: ${name}}\n"
          + "spec: {policyName: ${name}, validationActions: [Deny]}\n";

  private final KubernetesClient admin;
  private final List<HasMetadata> objects;

  /** In force when it returns: the API server takes a moment to know of it. */
  Denial(TestPlatform platform, String key) {
    this.admin = platform.admin();
    String text =
        POLICY.replace("${name}", platform.clusterScoped("denial")).replace("${key}", key);
    objects = admin.load(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))).items();
    objects.forEach(object -> admin.resource(object).create());
    Awaitility.await("the policy is in force").until(() -> isDenied(platform, key));
  }

  private boolean isDenied(TestPlatform platform, String key) {
    var ingress =
        admin
            .network()
            .v1()
            .ingresses()
            .inNamespace(platform.openfaas())
            .withName("openfaas-ingress")
            .get();
    ingress.getMetadata().setAnnotations(Map.of(key, "x"));
    try {
      admin.resource(ingress).dryRun(true).update();
      return false;
    } catch (KubernetesClientException e) {
      return e.getCode() == 422;
    }
  }

  @Override
  public void close() {
    objects.forEach(object -> admin.resource(object).delete());
  }
}
