package com.openfaas.function;

import com.openfaas.function.rollout.Budget;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The budgets of the runs under way, to end them all when the process is asked to stop. */
final class RunningBudgets {
  private final Set<Budget> budgets = ConcurrentHashMap.newKeySet();
  private volatile boolean ended;

  /**
   * A run that begins after the end gets a budget that is over: it observes and changes nothing.
   */
  Budget begin(Duration whole) {
    Budget budget = new Budget(whole, System::nanoTime);
    budgets.add(budget);
    if (ended) {
      budget.end();
    }
    return budget;
  }

  void finished(Budget budget) {
    budgets.remove(budget);
  }

  void endAll() {
    ended = true;
    budgets.forEach(Budget::end);
  }
}
