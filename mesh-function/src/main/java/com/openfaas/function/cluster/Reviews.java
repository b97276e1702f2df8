package com.openfaas.function.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceAttributes;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectRulesReviewBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectRulesReviewStatus;

/** Requests that change nothing: what we are allowed, and what admission would do to a pod. */
public final class Reviews {
  private static final String GROUP = "/apis/authorization.k8s.io/v1/";

  private final ObjectRequests objects;

  Reviews(ObjectRequests objects) {
    this.objects = objects;
  }

  /** Our rules in a namespace, as far as the authorizers can list them. */
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

  /** Whether the authorizers allow us this. */
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
   * The pod after all admission; nothing is stored. No retry: a 500 that says how a webhook failed
   * is the answer.
   */
  public Pod rehearse(Pod pod) throws ClusterException {
    String namespace = pod.getMetadata().getNamespace();
    String path = Paths.NAMESPACES + "/" + namespace + "/pods";
    return objects.dryRun("pods in " + namespace, path, pod);
  }
}
