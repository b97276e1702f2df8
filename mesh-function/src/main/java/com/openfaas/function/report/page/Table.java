package com.openfaas.function.report.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A table with a caption, a head and, in each row, a first cell that names the row. */
final class Table {
  private final Html caption;
  private final List<String> columns;
  private final List<List<Html>> rows = new ArrayList<>();

  Table(Html caption, String... columns) {
    this.caption = caption;
    this.columns = List.of(columns);
  }

  void row(Html... cells) {
    rows.add(List.of(cells));
  }

  /** Without empty columns. */
  Html element(String classes) {
    List<Integer> filled = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      int column = i;
      if (rows.stream().anyMatch(cells -> !cells.get(column).isEmpty())) {
        filled.add(column);
      }
    }
    List<Html> head = new ArrayList<>();
    filled.forEach(i -> head.add(classed(i, Html.of("th", columns.get(i))).with("scope", "col")));
    List<Html> body =
        rows.stream()
            .map(cells -> Html.of("tr", cells(cells, filled)))
            .collect(Collectors.toList());
    return Html.of(
            "table",
            Html.of("caption", caption),
            Html.of("thead", Html.of("tr", head)),
            Html.of("tbody", body))
        .classed(classes);
  }

  private List<Html> cells(List<Html> row, List<Integer> filled) {
    List<Html> cells = new ArrayList<>();
    for (int i : filled) {
      cells.add(i == 0 ? Html.of("th", row.get(0)).with("scope", "row") : cell(i, row.get(i)));
    }
    return cells;
  }

  /** On a phone, where the head is hidden, a figure carries its column's name. */
  private Html cell(int i, Html words) {
    boolean figure = columns.get(i).matches("Pods|Requests|p\\d+|Let in|Refused|Since");
    Html cell = Html.of("td", words);
    return figure && !words.isEmpty() ? cell.with("data-is", columns.get(i)) : cell;
  }

  private Html classed(int i, Html head) {
    return head.classed("c-" + columns.get(i).toLowerCase(Locale.ROOT).replaceFirst("\\W.*", ""));
  }
}
