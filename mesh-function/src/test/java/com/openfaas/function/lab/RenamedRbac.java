package com.openfaas.function.lab;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MatchCondition;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicy;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicyBinding;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.Subject;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Moves the objects of an rbac.yml from the usual namespaces to those of one platform. */
final class RenamedRbac {
  private static final Set<String> USUAL = Set.of("openfaas", "openfaas-fn", "linkerd");

  private final String prefix;

  RenamedRbac(String prefix) {
    this.prefix = prefix;
  }

  String namespace(String usual) {
    return USUAL.contains(usual) ? prefix + usual : usual;
  }

  HasMetadata rename(HasMetadata object) {
    String namespace = object.getMetadata().getNamespace();
    if (namespace != null) {
      object.getMetadata().setNamespace(namespace(namespace));
    } else {
      object.getMetadata().setName(prefix + object.getMetadata().getName());
    }
    if (object instanceof Role) {
      renameRules(((Role) object).getRules());
    } else if (object instanceof ClusterRole) {
      renameRules(((ClusterRole) object).getRules());
    } else if (object instanceof RoleBinding) {
      RoleBinding binding = (RoleBinding) object;
      renameSubjects(binding.getSubjects());
      if (binding.getRoleRef().getKind().equals("ClusterRole")) {
        binding.getRoleRef().setName(prefix + binding.getRoleRef().getName());
      }
    } else if (object instanceof ClusterRoleBinding) {
      ClusterRoleBinding binding = (ClusterRoleBinding) object;
      renameSubjects(binding.getSubjects());
      binding.getRoleRef().setName(prefix + binding.getRoleRef().getName());
    } else if (object instanceof ValidatingAdmissionPolicy) {
      ((ValidatingAdmissionPolicy) object).getSpec().getMatchConditions().forEach(this::renameUser);
    } else if (object instanceof ValidatingAdmissionPolicyBinding) {
      var spec = ((ValidatingAdmissionPolicyBinding) object).getSpec();
      spec.setPolicyName(prefix + spec.getPolicyName());
    }
    return object;
  }

  /** The object for another namespace; a rule about namespaces then names that one. */
  static HasMetadata into(String namespace, HasMetadata object) {
    object.getMetadata().setNamespace(namespace);
    if (object instanceof Role) {
      ((Role) object)
          .getRules().stream()
              .filter(rule -> rule.getResources().contains("namespaces"))
              .forEach(rule -> rule.setResourceNames(List.of(namespace)));
    }
    return object;
  }

  private void renameRules(List<PolicyRule> rules) {
    rules.stream()
        .filter(rule -> rule.getResources().contains("namespaces"))
        .filter(rule -> rule.getResourceNames() != null)
        .forEach(rule -> rule.setResourceNames(namespaces(rule.getResourceNames())));
  }

  private List<String> namespaces(List<String> names) {
    return names.stream().map(this::namespace).collect(Collectors.toList());
  }

  private void renameUser(MatchCondition condition) {
    condition.setExpression(
        condition
            .getExpression()
            .replace(
                "system:serviceaccount:openfaas-fn:",
                "system:serviceaccount:" + namespace("openfaas-fn") + ":"));
  }

  private void renameSubjects(List<Subject> subjects) {
    subjects.forEach(subject -> subject.setNamespace(namespace(subject.getNamespace())));
  }
}
