package com.openfaas.function.report.page;

/** A part of the page that knows how to write itself. */
interface Content {
  void writeTo(StringBuilder page);

  /**
   * Words of anybody. Nothing in them is markup, and they stay on their line and in their
   * direction: control and format characters become a space, as in the text report.
   */
  static Content words(Object words) {
    String plain = String.valueOf(words).replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]+", " ");
    return page -> escape(plain, page);
  }

  private static void escape(String plain, StringBuilder page) {
    for (int i = 0; i < plain.length(); i++) {
      char c = plain.charAt(i);
      switch (c) {
        case '&':
          page.append("&amp;");
          break;
        case '<':
          page.append("&lt;");
          break;
        case '>':
          page.append("&gt;");
          break;
        case '"':
          page.append("&quot;");
          break;
        default:
          page.append(c);
      }
    }
  }
}
