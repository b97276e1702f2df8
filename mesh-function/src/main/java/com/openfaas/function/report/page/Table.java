package com.openfaas.function.report.page;

import java.util.ArrayList;
import java.util.List;

/** A table with a caption, a head and, in each row, a first cell that names the row. */
final class Table {
  private final Element caption;
  private final Element head;
  private final List<Element> rows = new ArrayList<>();

  Table(Content caption, String... columns) {
    this.caption = Element.of("caption", caption);
    List<Element> cells = new ArrayList<>();
    for (String column : columns) {
      cells.add(Element.of("th", column).with("scope", "col"));
    }
    this.head = Element.of("thead", Element.of("tr", cells));
  }

  void row(Content name, Content... others) {
    List<Element> cells = new ArrayList<>();
    cells.add(Element.of("th", name).with("scope", "row"));
    for (Content other : others) {
      cells.add(Element.of("td", other));
    }
    rows.add(Element.of("tr", cells));
  }

  Element element(String classes) {
    return Element.of("table", caption, head, Element.of("tbody", rows)).classed(classes);
  }
}
