package com.openfaas.function.report.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The colours of the stylesheet, also those of the map, whose texts axe does not look at. */
class ContrastTest {
  private static final Pattern COLOUR = Pattern.compile("--([a-z-]+): #([0-9a-f]{3,6});");

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  @DisplayName("light and dark: every text is legible on what it can stand on (WCAG AA, 4.5 to 1)")
  void textsAreLegible(int palette) {
    Map<String, String> colours = palette(palette);
    for (String tone : List.of("good", "busy", "warn", "bad", "quiet")) {
      for (String text : List.of("text", "soft", tone)) {
        assertThat(contrast(colours.get(text), colours.get(tone + "-soft")))
            .as(text + " in a box that is " + tone)
            .isGreaterThanOrEqualTo(4.5);
      }
      for (String ground : List.of("paper", "ground")) {
        assertThat(contrast(colours.get(tone), colours.get(ground)))
            .as(tone + " on " + ground)
            .isGreaterThanOrEqualTo(4.5);
      }
    }
    for (String text : List.of("text", "soft", "link")) {
      for (String ground : List.of("paper", "ground")) {
        assertThat(contrast(colours.get(text), colours.get(ground)))
            .as(text + " on " + ground)
            .isGreaterThanOrEqualTo(4.5);
      }
    }
  }

  private static Map<String, String> palette(int number) {
    StringBuilder style = new StringBuilder();
    Page.style().writeTo(style);
    Matcher colour = COLOUR.matcher(style.toString().split(":root", -1)[number + 1]);
    Map<String, String> colours = new HashMap<>();
    while (colour.find()) {
      colours.put(colour.group(1), colour.group(2));
    }
    return colours;
  }

  private static double contrast(String one, String other) {
    double first = luminance(one) + 0.05;
    double second = luminance(other) + 0.05;
    return Math.max(first, second) / Math.min(first, second);
  }

  /** As WCAG 2.2 defines relative luminance. */
  private static double luminance(String hex) {
    String long6 = hex.length() == 3 ? hex.replaceAll("(.)", "$1$1") : hex;
    double[] weights = {0.2126, 0.7152, 0.0722};
    double sum = 0;
    for (int i = 0; i < 3; i++) {
      double part = Integer.parseInt(long6.substring(2 * i, 2 * i + 2), 16) / 255.0;
      sum += weights[i] * (part <= 0.04045 ? part / 12.92 : Math.pow((part + 0.055) / 1.055, 2.4));
    }
    return sum;
  }
}
