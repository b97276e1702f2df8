package com.openfaas.function.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceAttributes;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectRulesReviewBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectRulesReviewStatus;

/** Questions that change nothing: what we may, and what would become of a pod. */
public final class Reviews {
  private static final String GROUP = "/apis/authorization.k8s.io/v1/";

  private final ObjectRequests objects;

  Reviews(ObjectRequests objects) {
    this.objects = objects;
  }

  /** The rules that hold for us in a namespace, as far as the authorizers can list them. */
  public SubjectRulesReviewStatus rules(String namespace) throws ClusterException {
    var review =
        new SelfSubjectRulesReviewBuilder()
            .withNewSpec()
            .withNamespace(namespace)
            .endSpec()
            .build();
    return objects
        .create(
            "selfsubjectrulesreview for " + namespace, GROUP + "selfsubjectrulesreviews", review)
        .getStatus();
  }

  /** Whether the authorizers allow us one thing. */
  public boolean allowed(ResourceAttributes wanted) throws ClusterException {
    var review =
        new SelfSubjectAccessReviewBuilder()
            .withNewSpec()
            .withResourceAttributes(wanted)
            .endSpec()
            .build();
    return objects
        .create(
            "selfsubjectaccessreview for " + wanted.getNamespace(),
            GROUP + "selfsubjectaccessreviews",
            review)
        .getStatus()
        .getAllowed();
  }

  /**
   * What would become of the pod through all of admission; nothing is stored. Asked once: a 500
   * that says how a webhook failed is the answer, and asking again would not better it.
   */
  public Pod rehearse(Pod pod) throws ClusterException {
    String namespace = pod.getMetadata().getNamespace();
    String path = Paths.NAMESPACES + "/" + namespace + "/pods";
    return objects.dryRun("pods in " + namespace, path, pod);
  }
}
