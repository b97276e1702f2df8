package com.openfaas.function.request;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.request.Invocation.Part;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where options come from, and what they mean. */
class OptionsTest {
  @Test
  @DisplayName("a cron call: POST without body or options applies to everything")
  void nothingSaidMeansEverything() throws Exception {
    Invocation invocation = Sent.post(null).query(null).read();
    assertThat(invocation.action).isEqualTo(Action.APPLY);
    assertThat(invocation.budgetSeconds).isEqualTo(50);
    assertThat(Part.values()).allMatch(invocation::covers);
    assertThat(invocation.coversFunction("openfaas-fn", "figlet")).isTrue();
  }

  @Test
  void aJsonObjectHoldsTheOptions() throws Exception {
    Invocation invocation =
        Sent.post(
                " {\"action\": \"plan\", \"only\": [\"functions\", \"self\"],"
                    + " \"functions\": [\"figlet\", \"env.team-a\"], \"budget\": 7,"
                    + " \"format\": \"text\"}\n")
            .read();
    assertThat(invocation)
        .usingRecursiveComparison()
        .isEqualTo(
            new Invocation(
                Action.PLAN,
                java.util.Set.of(Part.FUNCTIONS, Part.SELF),
                java.util.List.of("figlet", "env.team-a"),
                7,
                null));
  }

  @Test
  @DisplayName("query parameters of the same names; lists by commas; %-escapes are read")
  void theQueryHoldsTheSameOptions() throws Exception {
    String query =
        "action=plan&only=functions,%20self&functions=figlet%2Cenv.team-a&budget=7&format=text";
    Invocation fromBody =
        Sent.post(
                "{\"action\":\"plan\",\"only\":\"functions,self\","
                    + "\"functions\":\"figlet,env.team-a\",\"budget\":7,\"format\":\"text\"}")
            .read();
    assertThat(Sent.get(query).read()).usingRecursiveComparison().isEqualTo(fromBody);
  }

  @ParameterizedTest
  @ValueSource(strings = {"plan", " plan ", "plan\n", "\r\nplan"})
  void oneBareWordIsTheAction(String body) throws Exception {
    assertThat(Sent.post(body).read().action).isEqualTo(Action.PLAN);
  }

  @Test
  void bodyAndQueryMayShareTheWorkIfNoKeyIsInBoth() throws Exception {
    Invocation invocation = Sent.post("plan").query("budget=5").read();
    assertThat(invocation.action).isEqualTo(Action.PLAN);
    assertThat(invocation.budgetSeconds).isEqualTo(5);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "only=gateway | GATEWAY",
        "only=core | CORE",
        "only=self | SELF",
        "only=namespaces | NAMESPACES",
        "only=functions | FUNCTIONS",
        "functions=figlet | FUNCTIONS"
      })
  @DisplayName("only narrows to the parts named; functions alone narrows to those functions")
  void onlyNarrows(String query, Part covered) throws Exception {
    Invocation invocation = Sent.get(query).read();
    for (Part part : Part.values()) {
      assertThat(invocation.covers(part)).as("%s", part).isEqualTo(part == covered);
    }
  }

  @Test
  void functionsNarrowWithinThePartsNamed() throws Exception {
    Invocation invocation = Sent.get("only=functions,gateway&functions=figlet").read();
    assertThat(invocation.covers(Part.GATEWAY)).isTrue();
    assertThat(invocation.covers(Part.CORE)).isFalse();
    assertThat(invocation.coversFunction("openfaas-fn", "figlet")).isTrue();
    assertThat(invocation.coversFunction("openfaas-fn", "env")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "figlet,      team-a, figlet, true",
    "figlet,      team-b, figlet, true",
    "figlet.team-a, team-a, figlet, true",
    "figlet.team-a, team-b, figlet, false",
    "figlet,      team-a, figlets, false"
  })
  void aFunctionIsNamedWithOrWithoutItsNamespace(
      String asked, String namespace, String name, boolean covered) throws Exception {
    Invocation invocation = Sent.get("functions=" + asked).read();
    assertThat(invocation.coversFunction(namespace, name)).isEqualTo(covered);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "49, 49", "50, 50"})
  void aCallerNarrowsTheBudget(int asked, int given) throws Exception {
    assertThat(Sent.post("{\"budget\":" + asked + "}").read().budgetSeconds).isEqualTo(given);
    assertThat(Sent.get("budget=" + asked).read().budgetSeconds).isEqualTo(given);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "51", "100000", "1.5", "1e1", "\"5\"", "true", "null", "[5]"})
  void noBudgetBeyondThePolicysAndNoneThatIsNoWholeNumber(String budget) {
    assertThat(Sent.post("{\"budget\":" + budget + "}").refusal().faults)
        .containsExactly("budget: whole seconds from 1 to 50");
  }
}
