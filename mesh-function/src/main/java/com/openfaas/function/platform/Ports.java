package com.openfaas.function.platform;

import java.util.LinkedHashSet;
import java.util.Set;

/** Port lists as in Linkerd's annotations: {@code 4222,4567-4568}. */
public final class Ports {
  private static final int HIGHEST = 65_535;

  private Ports() {}

  /** Whether the list has every entry of the other, as a port or within one of its ranges. */
  public static boolean covers(String list, String wanted) {
    for (String piece : pieces(wanted)) {
      if (!coversRange(list, low(piece), high(piece))) {
        return false;
      }
    }
    return true;
  }

  /** The port in a text; 0 if there is none, or it is invalid. */
  public static int number(String text) {
    boolean digits = text != null && text.matches("\\d{1,5}");
    int number = digits ? Integer.parseInt(text) : 0;
    return number <= HIGHEST ? number : 0;
  }

  /** Whether the text is a list of existing ports; an empty text is. */
  public static boolean isList(String text) {
    for (String piece : text.isEmpty() ? new String[0] : text.split(",", -1)) {
      Set<String> whole = pieces(piece);
      if (whole.isEmpty() || high(whole.iterator().next()) > HIGHEST) {
        return false;
      }
    }
    return true;
  }

  /** The union of the lists, each entry once, in the given order. */
  public static String union(String... lists) {
    Set<String> union = new LinkedHashSet<>();
    for (String list : lists) {
      union.addAll(pieces(list));
    }
    return String.join(",", union);
  }

  private static boolean coversRange(String list, int low, int high) {
    for (String piece : pieces(list)) {
      if (low(piece) <= low && high <= high(piece)) {
        return true;
      }
    }
    return false;
  }

  private static Set<String> pieces(String list) {
    Set<String> pieces = new LinkedHashSet<>();
    for (String piece : (list == null ? "" : list).split(",", -1)) {
      String trimmed = piece.replace(" ", "");
      if (trimmed.matches("\\d{1,5}(-\\d{1,5})?")) {
        pieces.add(trimmed);
      }
    }
    return pieces;
  }

  private static int low(String piece) {
    return Integer.parseInt(piece.split("-", -1)[0]);
  }

  private static int high(String piece) {
    String[] ends = piece.split("-", -1);
    return Integer.parseInt(ends[ends.length - 1]);
  }
}
