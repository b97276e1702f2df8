package com.openfaas.function.report.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * An element of HTML or SVG. Whatever stands in it or in its attributes is escaped as it is
 * written, so that there is no other way onto the page. The page is also well-formed XML.
 */
final class Element implements Content {
  /** Those without content that the page uses, of HTML and of SVG: they have no end tag. */
  private static final Set<String> VOID = Set.of("br", "meta", "path", "rect", "use");

  private final String name;
  private final List<String> attributes;
  private final List<Content> content;

  private Element(String name, List<String> attributes, List<? extends Content> content) {
    this.name = name;
    this.attributes = List.copyOf(attributes);
    this.content = List.copyOf(content);
  }

  static Element of(String name, Content... content) {
    return new Element(name, List.of(), List.of(content));
  }

  static Element of(String name, List<? extends Content> content) {
    return new Element(name, List.of(), content);
  }

  static Element of(String name, String words) {
    return of(name, Content.words(words));
  }

  /** The same element with an attribute more. */
  Element with(String attribute, Object value) {
    List<String> more = new ArrayList<>(attributes);
    more.add(attribute);
    more.add(String.valueOf(value));
    return new Element(name, more, content);
  }

  Element classed(String classes) {
    return with("class", classes);
  }

  @Override
  public void writeTo(StringBuilder page) {
    page.append('<').append(name);
    for (int i = 0; i < attributes.size(); i += 2) {
      page.append(' ').append(attributes.get(i)).append("=\"");
      Content.words(attributes.get(i + 1)).writeTo(page);
      page.append('"');
    }
    if (VOID.contains(name)) {
      page.append("/>");
      return;
    }
    page.append('>');
    content.forEach(part -> part.writeTo(page));
    page.append("</").append(name).append('>');
  }
}
