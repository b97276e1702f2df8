package com.openfaas.function.report.page;

import java.util.ArrayList;
import java.util.List;

/** A part of the page with a heading of its own, by which a screen reader finds it. */
final class Section {
  private Section() {}

  static Element of(String id, String heading, Content... content) {
    return of(id, heading, List.of(content));
  }

  static Element of(String id, String heading, List<? extends Content> content) {
    List<Content> all = new ArrayList<>();
    all.add(Element.of("h2", heading).with("id", id));
    all.addAll(content);
    return Element.of("section", all).with("aria-labelledby", id);
  }

  /** Something wide: it scrolls by itself, also by keyboard, and the page does not. */
  static Element scrolling(String label, Content wide) {
    return Element.of("div", wide)
        .classed("wide")
        .with("role", "region")
        .with("aria-label", label)
        .with("tabindex", 0);
  }
}
