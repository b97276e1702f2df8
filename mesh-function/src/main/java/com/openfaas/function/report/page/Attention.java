package com.openfaas.function.report.page;

import com.openfaas.function.preflight.Check;
import com.openfaas.function.report.Finding;
import com.openfaas.function.report.Finding.Severity;
import com.openfaas.function.report.HintLines;
import com.openfaas.function.report.Report;
import java.util.ArrayList;
import java.util.List;

/** What failed, then what else to know, each with what to do about it. */
final class Attention {
  private Attention() {}

  static List<Element> of(Report report) {
    List<Content> grave = new ArrayList<>();
    for (Check check : report.checks) {
      if (check.status == Check.Status.FAIL) {
        grave.add(
            item(
                Look.of(check.status),
                check.status + ": check " + check.id,
                check.message,
                check.hint));
      }
    }
    List<Content> notes = new ArrayList<>();
    for (Finding finding : report.findings) {
      (finding.severity == Severity.INFO ? notes : grave).add(item(finding));
    }
    for (Check check : report.checks) {
      if (check.status == Check.Status.WARN) {
        grave.add(
            item(
                Look.of(check.status),
                check.status + ": check " + check.id,
                check.message,
                check.hint));
      }
    }
    return section(grave, notes);
  }

  private static List<Element> section(List<Content> grave, List<Content> notes) {
    List<Content> parts = new ArrayList<>();
    if (!grave.isEmpty()) {
      parts.add(Element.of("ul", grave).classed("attention"));
    }
    if (!notes.isEmpty()) {
      Element summary = Element.of("summary", Figures.count(notes.size(), "note", "notes"));
      Element list = Element.of("ul", notes).classed("attention");
      parts.add(Element.of("details", summary, list));
    }
    return parts.isEmpty() ? List.of() : List.of(Section.of("attention", "Needs attention", parts));
  }

  private static Element item(Finding finding) {
    return item(
        Look.of(finding.severity),
        finding.severity + ": " + finding.subject,
        finding.message,
        finding.hint);
  }

  /** A command, or an object, as it is to be pasted. */
  private static Element pasted(String words) {
    List<Content> code = new ArrayList<>();
    words
        .lines()
        .forEach(
            line -> {
              code.add(Content.words(line));
              code.add(page -> page.append('\n'));
            });
    return Element.of("pre", code).classed("hint");
  }

  /** What to do: words, and below them what is to be pasted. */
  static List<Element> toDo(String title, String hint) {
    List<Element> lines = new ArrayList<>();
    Element label = Element.of("b", title);
    for (HintLines.Part part : HintLines.of(hint)) {
      if (part.pasted) {
        lines.add(Element.of("p", label).classed("hint"));
        lines.add(pasted(part.words));
      } else {
        lines.add(Element.of("p", label, Content.words(part.words)).classed("hint"));
      }
      label = Element.of("b", "");
    }
    return lines;
  }

  private static Element item(Look look, String subject, String message, String hint) {
    List<Content> lines = new ArrayList<>();
    lines.add(Element.of("p", look.word(subject)).classed("subject"));
    lines.add(Element.of("p", message));
    if (!hint.isEmpty()) {
      lines.addAll(toDo("Do: ", hint));
    }
    return Element.of("li", lines);
  }
}
