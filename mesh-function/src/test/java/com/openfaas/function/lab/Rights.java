package com.openfaas.function.lab;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/** An account's rights as the API server grants them, which is a moment after they are written. */
public final class Rights {
  private final KubernetesClient admin;
  private final String user;

  Rights(KubernetesClient admin, String user) {
    this.admin = admin;
    this.user = user;
  }

  /** The rules of a Role or ClusterRole; of another object, none. */
  public static List<PolicyRule> rules(HasMetadata object) {
    if (object instanceof Role) {
      return ((Role) object).getRules();
    }
    return object instanceof ClusterRole ? ((ClusterRole) object).getRules() : List.of();
  }

  /** Until what the role says is granted. */
  void await(HasMetadata role) {
    rules(role).forEach(rule -> await(role, rule, rule.getVerbs().get(0), true));
  }

  /** Until this verb of a rule of the role is granted, or is no longer. */
  public void await(HasMetadata role, PolicyRule rule, String verb, boolean granted) {
    Awaitility.await(verb + " " + rule.getResources() + (granted ? " granted" : " refused"))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> isGranted(role.getMetadata().getNamespace(), rule, verb) == granted);
  }

  private boolean isGranted(String namespace, PolicyRule rule, String verb) {
    List<String> only = rule.getResourceNames();
    SubjectAccessReview review =
        new SubjectAccessReviewBuilder()
            .withNewSpec()
            .withUser(user)
            .withNewResourceAttributes()
            .withNamespace(namespace)
            .withVerb(verb)
            .withGroup(rule.getApiGroups().get(0))
            .withResource(rule.getResources().get(0))
            .withName(only.isEmpty() ? null : only.get(only.size() - 1))
            .endResourceAttributes()
            .endSpec()
            .build();
    return admin.authorization().v1().subjectAccessReview().create(review).getStatus().getAllowed();
  }
}
