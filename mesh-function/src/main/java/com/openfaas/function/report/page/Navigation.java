package com.openfaas.function.report.page;

import com.openfaas.function.report.Report;
import com.openfaas.function.request.Action;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where else to go from here: what a browser may ask for by a GET, and this report in each form.
 */
final class Navigation {
  private Navigation() {}

  static Element of(Report report) {
    List<Content> links = new ArrayList<>();
    for (Action action : Action.values()) {
      if (!action.writes()) {
        Element link = link("?action=" + action, action.toString());
        boolean here = report.run.action.equals(action.toString());
        links.add(Element.of("li", here ? link.with("aria-current", "page") : link));
      }
    }
    for (String format : List.of("json", "text")) {
      links.add(Element.of("li", link("?action=" + again(report) + "&format=" + format, format)));
    }
    return Element.of(
        "header",
        Element.of("p", "mesh-setup").classed("brand"),
        Element.of("nav", Element.of("ul", links)).with("aria-label", "Reports"));
  }

  /** The same action where it only reads. */
  private static String again(Report report) {
    return Arrays.stream(Action.values())
        .filter(action -> !action.writes())
        .map(Action::toString)
        .filter(report.run.action::equals)
        .findFirst()
        .orElse(Action.STATUS.toString());
  }

  private static Element link(String href, String words) {
    return Element.of("a", words).with("href", href);
  }
}
