package com.openfaas.function.report.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A part of the page: an element of HTML or SVG, or words. All content and attributes are escaped
 * when written, and nothing else reaches the page. The page is also well-formed XML.
 */
final class Html {
  /** The empty elements of HTML and SVG that the page uses; they have no end tag. */
  private static final Set<String> VOID = Set.of("br", "meta", "path", "use");

  /** Null for words. */
  private final String name;

  private final String words;
  private final List<String> attributes;
  private final List<Html> content;

  private Html(String name, String words, List<String> attributes, List<Html> content) {
    this.name = name;
    this.words = words;
    this.attributes = List.copyOf(attributes);
    this.content = List.copyOf(content);
  }

  static Html of(String name, Html... content) {
    return of(name, List.of(content));
  }

  static Html of(String name, List<Html> content) {
    return new Html(name, "", List.of(), content);
  }

  static Html of(String name, String words) {
    return of(name, words(words));
  }

  /**
   * Words from any source. Nothing in them is markup, and they keep to their line and direction:
   * control and format characters become a space, as in the text report.
   */
  static Html words(Object words) {
    String plain = String.valueOf(words).replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]+", " ");
    return new Html(
        null,
        plain
            .replace("&", "&amp;")
            .replace("<", "&lt;")
            .replace(">", "&gt;")
            .replace("\"", "&quot;"),
        List.of(),
        List.of());
  }

  /** The same with a line break after each line. */
  static Html lines(String text) {
    StringBuilder lines = new StringBuilder();
    text.lines().forEach(line -> lines.append(words(line).words).append('\n'));
    return raw(lines.toString());
  }

  /** Our own text, written unescaped. */
  static Html raw(String text) {
    return new Html(null, text, List.of(), List.of());
  }

  /** A part with its own heading, by which a screen reader finds it. */
  static Html section(String id, String heading, List<Html> content) {
    List<Html> all = new ArrayList<>(List.of(of("h2", heading).with("id", id)));
    all.addAll(content);
    return of("section", all).with("aria-labelledby", id);
  }

  /** Long content folded under one line; a browser's search opens it. */
  static Html folded(Html summary, Html content) {
    return of("details", of("summary", summary), content);
  }

  /** The same element with one more attribute. */
  Html with(String attribute, Object value) {
    List<String> more = new ArrayList<>(attributes);
    more.add(attribute);
    more.add(String.valueOf(value));
    return new Html(name, words, more, content);
  }

  Html classed(String classes) {
    return with("class", classes);
  }

  boolean isEmpty() {
    return words.isEmpty() && name == null;
  }

  void writeTo(StringBuilder page) {
    if (name == null) {
      page.append(words);
      return;
    }
    page.append('<').append(name);
    for (int i = 0; i < attributes.size(); i += 2) {
      page.append(' ').append(attributes.get(i)).append("=\"");
      page.append(words(attributes.get(i + 1)).words).append('"');
    }
    if (VOID.contains(name)) {
      page.append("/>");
      return;
    }
    page.append('>');
    content.forEach(part -> part.writeTo(page));
    page.append("</").append(name).append('>');
  }

  /** A table with a caption, a head and, in each row, a first cell that names the row. */
  static final class Table {
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
      filled.forEach(i -> head.add(classed(i, of("th", columns.get(i))).with("scope", "col")));
      List<Html> body =
          rows.stream().map(cells -> of("tr", cells(cells, filled))).collect(Collectors.toList());
      return of("table", of("caption", caption), of("thead", of("tr", head)), of("tbody", body))
          .classed(classes);
    }

    private List<Html> cells(List<Html> row, List<Integer> filled) {
      List<Html> cells = new ArrayList<>();
      for (int i : filled) {
        cells.add(i == 0 ? of("th", row.get(0)).with("scope", "row") : cell(i, row.get(i)));
      }
      return cells;
    }

    /** On a phone, where the head is hidden, a figure carries its column's name. */
    private Html cell(int i, Html words) {
      boolean figure = columns.get(i).matches("Pods|Requests|p\\d+|Let in|Refused|Since");
      Html cell = of("td", words);
      return figure && !words.isEmpty() ? cell.with("data-is", columns.get(i)) : cell;
    }

    private Html classed(int i, Html head) {
      return head.classed("c-" + columns.get(i).toLowerCase(Locale.ROOT).replaceFirst("\\W.*", ""));
    }
  }
}
