package com.openfaas.function;

import com.openfaas.function.lab.Change;
import com.openfaas.function.lab.TestPlatform;
import com.openfaas.function.platform.Annotations;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** An admission policy that refuses an annotation, as a platform team may have one. */
final class Denial implements AutoCloseable {
  private static final String POLICY =
      "apiVersion: admissionregistration.k8s.io/v1\n"
          + "kind: ValidatingAdmissionPolicy\n"
          + "metadata: {name: ${name}}\n"
          + "spec:\n"
          + "  failurePolicy: Fail\n"
          + "  matchConstraints:\n"
          + "    resourceRules:\n"
          + "    - {apiGroups: ['', networking.k8s.io, apps], apiVersions: [v1], operations: [UPDATE], resources: [${resource}]}\n"
          + "  validations:\n"
          + "  - expression: \"object.metadata.name != '${object}' || !(${when})\"\n"
          + "    message: no such annotation here\n"
          + "---\n"
          + "apiVersion: admissionregistration.k8s.io/v1\n"
          + "kind: ValidatingAdmissionPolicyBinding\n"
          + "metadata: {name: ${name}}\n"
          + "spec: {policyName: ${name}, validationActions: [Deny]}\n";

  private static final String ANNOTATED = "'${key}' in object.${of}.?annotations.orValue({})";

  private static final String ANY_OF_OURS =
      "object.metadata.?annotations.orValue({}).exists(k, k.contains('linkerd.io/inject') ||"
          + " k.startsWith('mesh-setup.openfaas.com/'))";

  private final KubernetesClient admin;
  private final List<HasMetadata> objects;
  private final HasMetadata denied;

  /** Refuses it on the Ingress to the gateway. */
  static Denial ofIngress(TestPlatform platform, String key) {
    Ingress ingress =
        platform
            .admin()
            .network()
            .v1()
            .ingresses()
            .inNamespace(platform.openfaas())
            .withName("openfaas-ingress")
            .get();
    ingress.getMetadata().setAnnotations(Map.of(key, "x"));
    return new Denial(platform, key, Map.of("resource", "ingresses", "of", "metadata"), ingress);
  }

  /** Refuses it on the pod template of a function. */
  static Denial ofTemplate(TestPlatform platform, String key, String function) {
    Deployment deployment =
        platform
            .admin()
            .apps()
            .deployments()
            .inNamespace(platform.functions())
            .withName(function)
            .get();
    Deployment annotated = Change.templateAnnotated(Map.of(key, "disabled")).apply(deployment);
    Map<String, String> of = Map.of("resource", "deployments", "of", "spec.template.metadata");
    return new Denial(platform, key, of, annotated);
  }

  /** Refuses it on a namespace; an empty key: whatever mesh-setup writes there. */
  static Denial ofNamespace(TestPlatform platform, String key) {
    Namespace namespace = platform.admin().namespaces().withName(platform.functions()).get();
    Map<String, String> annotations = new HashMap<>(namespace.getMetadata().getAnnotations());
    annotations.put(key.isEmpty() ? Annotations.FAILED : key, "x");
    namespace.getMetadata().setAnnotations(annotations);
    return new Denial(platform, key, Map.of("resource", "namespaces", "of", "metadata"), namespace);
  }

  /** In force when it returns: the API server takes a moment to know of it. */
  private Denial(
      TestPlatform platform, String key, Map<String, String> places, HasMetadata denied) {
    this.admin = platform.admin();
    this.denied = denied;
    // Whatever has become of it by then: asked is what admission says of it.
    denied.getMetadata().setResourceVersion(null);
    String text =
        POLICY
            .replace("${name}", platform.clusterScoped("denial"))
            .replace("${object}", denied.getMetadata().getName())
            .replace("${when}", key.isEmpty() ? ANY_OF_OURS : ANNOTATED)
            .replace("${key}", key);
    for (Map.Entry<String, String> place : places.entrySet()) {
      text = text.replace("${" + place.getKey() + "}", place.getValue());
    }
    objects = admin.load(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))).items();
    objects.forEach(object -> admin.resource(object).create());
    Awaitility.await("the policy is in force").until(this::isDenied);
  }

  private boolean isDenied() {
    try {
      admin.resource(denied).dryRun(true).update();
      return false;
    } catch (KubernetesClientException e) {
      return e.getCode() == 422;
    }
  }

  @Override
  public void close() {
    objects.forEach(object -> admin.resource(object).delete());
    Awaitility.await("the policy is in force no longer").until(() -> !isDenied());
  }
}
