package com.openfaas.function.report.page;

import com.openfaas.function.platform.MeshStatus.State;
import com.openfaas.function.preflight.Check;
import com.openfaas.function.report.Finding.Severity;
import com.openfaas.function.report.Headline.Tone;
import com.openfaas.function.verify.Edge.Mtls;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** How a word of the report looks: a tone, and a shape for readers who cannot see the tone. */
final class Look {
  /** What may need attention comes first. */
  static final Comparator<State> WORST_FIRST =
      Comparator.comparing(
          List.of(
                  State.UNMESHED,
                  State.PARTIAL,
                  State.ROLLING,
                  State.STALE,
                  State.UNSUPPORTED,
                  State.OPTED_OUT,
                  State.IDLE,
                  State.MESHED)
              ::indexOf);

  static final Look UNKNOWN = new Look(Tone.QUIET, Icon.DOTS);

  final Tone tone;
  final Icon icon;

  private Look(Tone tone, Icon icon) {
    this.tone = tone;
    this.icon = icon;
  }

  static Look of(State state) {
    switch (state) {
      case MESHED:
        return new Look(Tone.of(state), Icon.TICK);
      case UNMESHED:
        return new Look(Tone.of(state), Icon.RING);
      case PARTIAL:
        return new Look(Tone.of(state), Icon.HALF);
      case ROLLING:
        return new Look(Tone.of(state), Icon.TURN);
      case STALE:
        return new Look(Tone.of(state), Icon.CLOCK);
      case IDLE:
        return new Look(Tone.of(state), Icon.PAUSE);
      case OPTED_OUT:
        return new Look(Tone.of(state), Icon.MINUS);
      default:
        return new Look(Tone.of(state), Icon.DIAMOND);
    }
  }

  static Look of(Mtls mtls) {
    switch (mtls) {
      case PROVEN:
        return new Look(Tone.of(mtls), Icon.LOCK);
      case PLAINTEXT:
        return new Look(Tone.of(mtls), Icon.OPEN_LOCK);
      default:
        return new Look(Tone.of(mtls), Icon.DOTS);
    }
  }

  static Look of(Severity severity) {
    switch (severity) {
      case ERROR:
        return new Look(Tone.of(severity), Icon.CROSS);
      case WARNING:
        return new Look(Tone.of(severity), Icon.TRIANGLE);
      default:
        return new Look(Tone.of(severity), Icon.INFO);
    }
  }

  static Look of(Check.Status status) {
    switch (status) {
      case PASS:
        return new Look(Tone.of(status), Icon.TICK);
      case WARN:
        return of(Severity.WARNING);
      case FAIL:
        return of(Severity.ERROR);
      default:
        return new Look(Tone.of(status), Icon.MINUS);
    }
  }

  /** The shape of a headline. */
  static Icon of(Tone tone) {
    switch (tone) {
      case GOOD:
        return Icon.TICK;
      case QUIET:
        return Icon.MINUS;
      case BUSY:
        return Icon.TURN;
      case WARN:
        return Icon.TRIANGLE;
      default:
        return Icon.CROSS;
    }
  }

  /** The page's words for what verify found. */
  static String words(Mtls mtls) {
    switch (mtls) {
      case PROVEN:
        return "mTLS proven";
      case PLAINTEXT:
        return "plaintext";
      default:
        return "no evidence";
    }
  }

  /** The word, with its shape before it. */
  Html word(Object word) {
    return Html.of("span", icon.inline(), Html.words(word)).classed("look " + tone);
  }

  /** Shapes of 16 by 16, distinct without colour. Defined once and referenced. */
  enum Icon {
    TICK(Icon.DISC + "M4 8.3 5.4 6.9 7.1 8.6 10.6 5.1 12 6.5 7.1 11.4z"),
    RING(Icon.CIRCLE),
    HALF(Icon.CIRCLE + "M8 3a5 5 0 0 1 0 10z"),
    TURN("M8 2.2V0l4 3.4-4 3.4V4.4A3.8 3.8 0 1 0 11.8 8.2H14A6 6 0 1 1 8 2.2z"),
    CLOCK(Icon.CIRCLE + "M7.1 4.4h1.7v3.3l2.3 1.4-.9 1.4-3.1-1.9z"),
    PAUSE("M3.5 2.5H7v11H3.5zM9 2.5h3.5v11H9z"),
    MINUS(Icon.DISC + "M4 7h8v2H4z"),
    DIAMOND("M8 .4 15.6 8 8 15.6 .4 8zM7.1 4.3h1.8v4.6H7.1zM7.1 10h1.8v1.8H7.1z"),
    CROSS(
        "M5 1h6l4 4v6l-4 4H5l-4-4V5zM5.6 4.5 4.5 5.6 6.9 8 4.5 10.4 5.6 11.5 8 9.1 10.4 11.5 11.5 10.4"
            + " 9.1 8 11.5 5.6 10.4 4.5 8 6.9z"),
    TRIANGLE("M8 1 15.5 14.5H.5zM7.1 6h1.8v4.2H7.1zM7.1 11.2h1.8V13H7.1z"),
    INFO(Icon.DISC + "M7.1 4h1.8v1.8H7.1zM7.1 6.9h1.8V12H7.1z"),
    LOCK("M4 7V5a4 4 0 0 1 8 0v2h1v8H3V7zm2 0h4V5a2 2 0 0 0-4 0z"),
    OPEN_LOCK("M9 7V5a3 3 0 0 1 6 0v2h-1.8V5a1.2 1.2 0 0 0-2.4 0v2H12v8H1V7z"),
    DOTS("M1.5 6.5h3v3h-3zM6.5 6.5h3v3h-3zM11.5 6.5h3v3h-3z"),
    DOOR("M2 2h6v2H4v8h4v2H2zM9 4.5 13.5 8 9 11.5V9H6V7h3z");

    /** A disc; what follows cuts a hole into it. */
    private static final String DISC = "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1z";

    private static final String CIRCLE = DISC + "m0 2a5 5 0 1 1 0 10A5 5 0 0 1 8 3z";

    private final String path;

    Icon(String path) {
      this.path = path;
    }

    /** All shapes, for the page to define once. */
    static Html definitions() {
      List<Html> symbols =
          Arrays.stream(values())
              .map(
                  icon ->
                      Html.of("symbol", Html.of("path").with("d", icon.path))
                          .with("id", icon.id())
                          .with("viewBox", "0 0 16 16"))
              .collect(Collectors.toUnmodifiableList());
      return Html.of("svg", symbols).classed("symbols").with("aria-hidden", "true");
    }

    /** Hidden from screen readers, as the word is next to it. */
    Html inline() {
      return Html.of("svg", use()).with("aria-hidden", "true");
    }

    private Html use() {
      return Html.of("use").with("href", "#" + id());
    }

    private String id() {
      return "i-" + name().toLowerCase(Locale.ROOT);
    }
  }
}
