package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.openfaas.function.Caller.Answer;
import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.TestPlatform;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ClusterExtension.class)
class BudgetIT {
  private static final int FUNCTIONS = 50;

  @Test
  void goesOnWhereTheBudgetEndedUntilAllIsMeshed(TestPlatform platform) {
    platform.installOpenFaas();
    platform.scaleFunctions(FUNCTIONS);
    platform.linkerd().install();
    platform.awaitSettled();
    Caller caller = new Caller(platform);

    int runs = 0;
    Answer answer;
    do {
      answer = caller.post("{\"budget\":3}");
      runs++;
      assertThat(answer.status).as(answer.body).isEqualTo(200);
      JsonObject run = answer.json().getAsJsonObject("run");
      assertThat(run.get("durationMs").getAsLong())
          .as("by its own account the answer was out before the budget ended")
          .isLessThanOrEqualTo(run.get("budgetMs").getAsLong());
    } while (answer.outcome().equals("inProgress") && runs < 2 * FUNCTIONS);
    platform.awaitSettled();

    assertThat(runs).as("one run could not do it").isGreaterThan(1);
    Answer after = caller.apply();
    assertThat(after.outcome()).as(after.body).isEqualTo("meshed");
    after.inTable(25, "budget of 3 s with 50 functions, after " + runs + " runs");
    System.out.printf(
        "BudgetIT: %d functions with a budget of 3 s took %d runs%n", FUNCTIONS, runs);
  }
}
