package com.openfaas.function.report.page;

import com.openfaas.function.platform.MeshStatus.State;
import com.openfaas.function.preflight.Check;
import com.openfaas.function.report.Finding.Severity;
import com.openfaas.function.report.Tone;
import com.openfaas.function.verify.Edge.Mtls;
import java.util.Comparator;
import java.util.List;

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

  /** The word, with its shape before it. */
  Html word(Object word) {
    return Html.of("span", icon.inline(), Html.words(word)).classed("look " + tone);
  }
}
