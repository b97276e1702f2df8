package com.openfaas.function.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceAttributes;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectRulesReviewBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectRulesReviewStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.NamespacedKubernetesClient;
import io.fabric8.kubernetes.client.RequestConfigBuilder;

/** Questions that change nothing: what we may, and what would become of a pod. */
public final class Reviews {
  private final KubernetesClient client;
  private final Requests requests;

  Reviews(KubernetesClient client, Requests requests) {
    this.client = client;
    this.requests = requests;
  }

  /** The rules that hold for us in a namespace, as far as the authorizers can list them. */
  public SubjectRulesReviewStatus rules(String namespace) throws ClusterException {
    var review =
        new SelfSubjectRulesReviewBuilder()
            .withNewSpec()
            .withNamespace(namespace)
            .endSpec()
            .build();
    return requests.ask(
        "create",
        "selfsubjectrulesreview for " + namespace,
        () -> client.authorization().v1().selfSubjectRulesReview().create(review).getStatus());
  }

  /** Whether the authorizers allow us one thing. */
  public boolean allowed(ResourceAttributes wanted) throws ClusterException {
    var review =
        new SelfSubjectAccessReviewBuilder()
            .withNewSpec()
            .withResourceAttributes(wanted)
            .endSpec()
            .build();
    return requests.ask(
        "create",
        "selfsubjectaccessreview for " + wanted.getNamespace(),
        () ->
            client
                .authorization()
                .v1()
                .selfSubjectAccessReview()
                .create(review)
                .getStatus()
                .getAllowed());
  }

  /**
   * What would become of the pod through all of admission; nothing is stored. Asked once: a 500
   * that says how a webhook failed is the answer, and asking again would not better it.
   */
  public Pod rehearse(Pod pod) throws ClusterException {
    String namespace = pod.getMetadata().getNamespace();
    var once = new RequestConfigBuilder().withRequestRetryBackoffLimit(0).build();
    return requests.ask(
        "create (dry run)",
        "pods in " + namespace,
        () ->
            client
                .adapt(NamespacedKubernetesClient.class)
                .withRequestConfig(once)
                .call(c -> c.pods().inNamespace(namespace).resource(pod).dryRun(true).create()));
  }
}
