package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.Caller.Answer;
import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.LinkerdControlPlane;
import com.openfaas.function.lab.Rights;
import com.openfaas.function.lab.TestPlatform;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ClusterExtension.class)
@DisplayName("Without one verb of deploy/rbac.yml a run is blocked, or degraded as the report says")
class PermissionsIT {
  private static TestPlatform platform;
  private static Caller caller;

  @BeforeAll
  static void install(TestPlatform installed) {
    platform = installed.installOpenFaas();
    // With them, CronJobs are not asked for.
    platform.linkerd().install(LinkerdControlPlane.usualConfig().nativeSidecar(false));
    platform.awaitSettled();
    caller = new Caller(platform);
  }

  @Test
  void holdsNoWildcardAndNoSecret() {
    for (HasMetadata role : platform.account().roles()) {
      for (PolicyRule rule : Rights.rules(role)) {
        assertThat(rule.getVerbs()).doesNotContain("*");
        assertThat(rule.getResources()).doesNotContain("*", "secrets");
        assertThat(rule.getApiGroups()).doesNotContain("*");
      }
    }
  }

  @AfterAll
  static void withEveryRuleItEndsMeshed() {
    assertThat(caller.apply().outcome()).isEqualTo("changed");
    platform.awaitSettled();
    assertThat(caller.apply().outcome()).isEqualTo("meshed");
  }

  @TestFactory
  List<DynamicTest> eachVerbIsNeeded() {
    List<DynamicTest> tests = new ArrayList<>();
    for (HasMetadata role : platform.account().roles()) {
      List<PolicyRule> rules = Rights.rules(role);
      for (int rule = 0; rule < rules.size(); rule++) {
        for (String verb : rules.get(rule).getVerbs()) {
          int index = rule;
          tests.add(
              DynamicTest.dynamicTest(
                  role.getMetadata().getName() + ": " + verb + " " + rules.get(rule).getResources(),
                  () -> isMissed(role, index, verb)));
        }
      }
    }
    assertThat(tests).hasSizeGreaterThan(15);
    return tests;
  }

  private static void isMissed(HasMetadata role, int rule, String verb) {
    HasMetadata whole = platform.admin().resource(role).get();
    PolicyRule missed = Rights.rules(role).get(rule);
    Rights rights = platform.account().rights();
    Answer answer;
    try {
      platform.admin().resource(without(role, rule, verb)).update();
      rights.await(role, missed, verb, false);
      answer =
          verb.equals("get") && role.getMetadata().getName().startsWith("mesh-setup-")
              ? answerWithNamespacesGot()
              : caller.get("action=plan");
    } finally {
      whole.getMetadata().setResourceVersion(null);
      platform.admin().resource(whole).update();
    }
    rights.await(role, missed, verb, true);
    assertMissed(answer, verb, missed);
    String missing = verb + " " + missed.getResources().get(0);
    answer.inTable(17, "RBAC rule missing: " + missing);
  }

  /** Namespaces are read one by one only where the policy names them, or they cannot be listed. */
  private static Answer answerWithNamespacesGot() {
    return new Caller(platform, Map.of("mesh_namespaces", platform.functions())).get("action=plan");
  }

  private static void assertMissed(Answer answer, String verb, PolicyRule rule) {
    boolean blocked = answer.outcome().equals("blocked");
    boolean degraded =
        answer.checks().containsValue("skipped") || answer.findings().contains("forbidden");
    assertThat(blocked || degraded).as(answer.body).isTrue();
    String resource = rule.getResources().get(0);
    assertThat(answer.body).contains("role mesh-setup-");
    assertThat(answer.body.lines().filter(line -> line.contains(verb)).collect(Collectors.toList()))
        .as(verb + " " + resource + " is named")
        .anyMatch(line -> line.contains(resource));
  }

  private static HasMetadata without(HasMetadata role, int rule, String verb) {
    HasMetadata changed = platform.admin().resource(role).get();
    PolicyRule target = Rights.rules(changed).get(rule);
    List<String> verbs = new ArrayList<>(target.getVerbs());
    verbs.remove(verb);
    if (verbs.isEmpty()) {
      Rights.rules(changed).remove(rule);
    } else {
      target.setVerbs(verbs);
    }
    return changed;
  }
}
