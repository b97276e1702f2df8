package com.openfaas.function.platform;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A Kubernetes label selector: labels that must be present, and expressions that must hold. */
public final class Selector {
  /** Selects everything, like an absent selector of a webhook. */
  public static final Selector ALL = new Selector(Map.of(), List.of());

  public final Map<String, String> labels;
  public final List<Expression> expressions;

  public Selector(Map<String, String> labels, List<Expression> expressions) {
    this.labels = Map.copyOf(labels);
    this.expressions = List.copyOf(expressions);
  }

  public boolean matches(Map<String, String> candidate) {
    return candidate.entrySet().containsAll(labels.entrySet())
        && expressions.stream().allMatch(expression -> expression.holds(candidate));
  }

  /** One requirement: {@code key operator values}. */
  public static final class Expression {
    public final String key;
    public final String operator;
    public final List<String> values;

    public Expression(String key, String operator, List<String> values) {
      this.key = Objects.requireNonNull(key);
      this.operator = Objects.requireNonNull(operator);
      this.values = List.copyOf(values);
    }

    boolean holds(Map<String, String> labels) {
      boolean among = labels.containsKey(key) && values.contains(labels.get(key));
      switch (operator) {
        case "In":
          return among;
        case "NotIn":
          return !among;
        case "Exists":
          return labels.containsKey(key);
        case "DoesNotExist":
          return !labels.containsKey(key);
        default:
          // An operator that Kubernetes may add later: what we cannot evaluate does not match.
          return false;
      }
    }
  }
}
