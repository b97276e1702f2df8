package com.openfaas.function.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.platform.InboundRules.PolicyObject;
import com.openfaas.function.platform.Sample;
import com.openfaas.function.platform.Workload.Role;
import com.openfaas.function.policy.Policy.Protect;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("mesh_protect: nobody is refused unless each condition holds")
class ProtectionConditionsTest extends ProtectionCase {
  @Test
  void nobodyIsRefusedWithinTheHour() {
    made(Protect.AUDIT, Sample.MOMENT.minus(Duration.ofMinutes(59)));
    assertThat(steps()).isEmpty();
    assertThat(codes()).containsExactly("watched_too_short");

    made(Protect.AUDIT, Sample.MOMENT.plus(Duration.ofMinutes(5)));
    assertThat(codes()).as("a clock that runs ahead").containsExactly("watched_too_short");

    made(Protect.AUDIT, LONG_AGO);
    named.set(1, new PolicyObject(named.get(1).object, true, Sample.MOMENT));
    assertThat(codes()).as("of the three, the last one written").contains("watched_too_short");
  }

  @Test
  void nobodyIsRefusedWhileAPodOfTheGatewayHasNoProxy() {
    made(Protect.AUDIT, LONG_AGO);
    Sample half = Sample.of(Role.GATEWAY, "openfaas", "gateway").account("openfaas-controller");
    gateway = half.inject("enabled").meshed(1).unmeshed(1).workload();
    assertThat(codes()).containsExactly("gateway_not_meshed");
  }

  @Test
  void functionsThatAreToBeMeshedStandInTheWayThoseThatAreOutDoNot() {
    made(Protect.AUDIT, LONG_AGO);
    functions.add(Sample.of(Role.FUNCTION, NS, "out").inject("disabled").unmeshed(1).workload());
    functions.add(Sample.of(Role.FUNCTION, NS, "idle").workload());
    assertThat(codes()).isEmpty();
    assertThat(plan().protections.get(0).unprotected)
        .containsExactlyInAnyOrder("out (optedOut)", "idle (idle)");

    functions.add(function("late", false, "late"));
    assertThat(codes()).containsExactly("functions_not_meshed");
  }

  @Test
  void whatOthersLetInAndRoutesStandInTheWay() {
    made(Protect.AUDIT, LONG_AGO);
    allowEverybody();
    routes.put("server openfaas-fn/mesh-setup", "httproute openfaas-fn/r");
    assertThat(codes()).containsExactly("authorization_foreign", "route_foreign");
    assertThat(steps()).isEmpty();
  }

  @Test
  void ifItCannotBeProvenItIsNotDone() {
    made(Protect.AUDIT, LONG_AGO);
    callers = "openfaas-fn/default";
    named.clear();
    made(Protect.AUDIT, LONG_AGO);
    assertThat(codes()).containsExactly("own_account_allowed");

    callers = "";
    functions.remove(0);
    named.clear();
    made(Protect.AUDIT, LONG_AGO);
    assertThat(codes()).containsExactly("nobody_to_prove_with");
  }
}
