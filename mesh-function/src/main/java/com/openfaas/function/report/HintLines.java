package com.openfaas.function.report;

import java.util.List;

/** A hint that holds an object to apply keeps its lines; any other is one, whatever it holds. */
public final class HintLines {
  /** How such a hint begins. Quoted, so that the shell takes what follows as it stands. */
  static final String APPLY = "kubectl apply -f - <<'EOF'\n";

  private static final String END = "EOF";

  private HintLines() {}

  static String applying(String objects) {
    return APPLY + objects + END;
  }

  /** At least one line. */
  public static List<String> of(String hint) {
    return hint.startsWith(APPLY) ? List.of(hint.split("\n", -1)) : List.of(hint);
  }
}
