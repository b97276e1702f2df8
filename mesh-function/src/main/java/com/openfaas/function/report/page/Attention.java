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

  static List<Html> of(Report report) {
    List<Html> grave = new ArrayList<>();
    for (Check check : report.checks) {
      if (check.status == Check.Status.FAIL) {
        grave.add(
            item(
                Look.of(check.status),
                check.status + ": check " + check.id,
                check.message,
                due(report, check.hint)));
      }
    }
    List<Html> notes = new ArrayList<>();
    for (Finding finding : report.findings) {
      (finding.severity == Severity.INFO ? notes : grave)
          .add(item(finding, due(report, finding.hint)));
    }
    for (Check check : report.checks) {
      if (check.status == Check.Status.WARN) {
        grave.add(
            item(
                Look.of(check.status),
                check.status + ": check " + check.id,
                check.message,
                due(report, check.hint)));
      }
    }
    return section(grave, notes);
  }

  private static List<Html> section(List<Html> grave, List<Html> notes) {
    List<Html> parts = new ArrayList<>();
    if (!grave.isEmpty()) {
      parts.add(Html.of("ul", grave).classed("attention"));
    }
    if (!notes.isEmpty()) {
      Html summary = Html.words(Figures.count(notes.size(), "note", "notes"));
      parts.add(Html.folded(summary, Html.of("ul", notes).classed("attention")));
    }
    return parts.isEmpty()
        ? List.of()
        : List.of(Html.section("attention", "Needs attention", parts));
  }

  /** What stands above all is not told again. */
  private static String due(Report report, String hint) {
    return !hint.isEmpty() && report.next.contains(hint) ? "see Next" : hint;
  }

  private static Html item(Finding finding, String hint) {
    return item(
        Look.of(finding.severity),
        finding.severity + ": " + finding.subject,
        finding.message,
        hint);
  }

  /** A command or an object to paste. */
  private static Html pasted(String words) {
    return Html.of("pre", Html.lines(words)).classed("hint");
  }

  /** What to do: words, and below them what to paste. */
  static List<Html> toDo(String title, String hint) {
    List<Html> lines = new ArrayList<>();
    Html label = Html.of("b", title);
    for (HintLines.Part part : HintLines.of(hint)) {
      if (part.pasted) {
        lines.add(Html.of("p", label).classed("hint"));
        lines.add(pasted(part.words));
      } else {
        lines.add(Html.of("p", label, Html.words(part.words)).classed("hint"));
      }
      label = Html.of("b", "");
    }
    return lines;
  }

  private static Html item(Look look, String subject, String message, String hint) {
    List<Html> lines = new ArrayList<>();
    lines.add(Html.of("p", look.word(subject)).classed("subject"));
    lines.add(Html.of("p", message));
    if (!hint.isEmpty()) {
      lines.addAll(toDo("Do: ", hint));
    }
    return Html.of("li", lines);
  }
}
