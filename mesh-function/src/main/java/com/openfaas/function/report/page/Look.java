package com.openfaas.function.report.page;

import com.openfaas.function.platform.State;
import com.openfaas.function.preflight.Check;
import com.openfaas.function.report.Finding.Severity;
import com.openfaas.function.verify.Edge.Mtls;
import java.util.Locale;

/** How a word of the report looks: a tone, and a shape for those who do not see the tone. */
final class Look {
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
        return new Look(Tone.GOOD, Icon.TICK);
      case UNMESHED:
        return new Look(Tone.BAD, Icon.RING);
      case PARTIAL:
        return new Look(Tone.WARN, Icon.HALF);
      case ROLLING:
        return new Look(Tone.BUSY, Icon.TURN);
      case STALE:
        return new Look(Tone.WARN, Icon.CLOCK);
      case IDLE:
        return new Look(Tone.QUIET, Icon.PAUSE);
      case OPTED_OUT:
        return new Look(Tone.QUIET, Icon.MINUS);
      default:
        return new Look(Tone.WARN, Icon.DIAMOND);
    }
  }

  static Look of(Mtls mtls) {
    switch (mtls) {
      case PROVEN:
        return new Look(Tone.GOOD, Icon.LOCK);
      case PLAINTEXT:
        return new Look(Tone.BAD, Icon.OPEN_LOCK);
      default:
        return new Look(Tone.WARN, Icon.DOTS);
    }
  }

  static Look of(Severity severity) {
    switch (severity) {
      case ERROR:
        return new Look(Tone.BAD, Icon.CROSS);
      case WARNING:
        return new Look(Tone.WARN, Icon.TRIANGLE);
      default:
        return new Look(Tone.QUIET, Icon.INFO);
    }
  }

  static Look of(Check.Status status) {
    switch (status) {
      case PASS:
        return new Look(Tone.GOOD, Icon.TICK);
      case WARN:
        return of(Severity.WARNING);
      case FAIL:
        return of(Severity.ERROR);
      default:
        return new Look(Tone.QUIET, Icon.MINUS);
    }
  }

  /** The word, with its shape before it. */
  Element word(Object word) {
    return Element.of("span", icon.inline(), Content.words(word)).classed("look " + tone);
  }

  /**
   * What a colour stands for; the stylesheet has the colours, one set for dark and one for light.
   */
  enum Tone {
    GOOD,
    BUSY,
    WARN,
    BAD,
    QUIET;

    /** The name of its class in the stylesheet. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
