package com.openfaas.function.report.page;

import com.openfaas.function.report.CallerEntry;
import java.util.List;
import java.util.stream.Collectors;

/** A box of the map, and the line between it and the gateway. */
final class MapNode {
  final String title;
  final String detail;
  final Look look;
  final Way way;

  /** Who calls it past the gateway. */
  final List<CallerEntry> callers;

  MapNode(String title, String detail, Look look, Way way) {
    this(title, detail, look, way, List.of());
  }

  MapNode(String title, String detail, Look look, Way way, List<CallerEntry> callers) {
    this.title = title;
    this.detail = detail;
    this.look = look;
    this.way = way;
    this.callers = List.copyOf(callers);
  }

  /** The caller, or how many there are. */
  String caller() {
    List<String> names =
        callers.stream().map(CallerEntry::name).distinct().collect(Collectors.toList());
    return names.size() == 1 ? names.get(0) : names.size() + " callers";
  }

  String calls() {
    long calls = callers.stream().mapToLong(caller -> caller.requests).sum();
    long refused = callers.stream().mapToLong(caller -> caller.refused).sum();
    String counted = Figures.count(calls, "call", "calls");
    return refused == 0 ? counted : counted + ", " + refused + " refused";
  }
}
