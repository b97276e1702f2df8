package com.openfaas.function.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Durations as stack.yml holds them and of-watchdog reads them. */
class DurationSettingsTest {
  @ParameterizedTest
  @CsvSource({
    "55, PT55S",
    "0, PT0S",
    "55s, PT55S",
    "1m5s, PT1M5S",
    "1m05s, PT1M5S",
    "1h, PT1H",
    "1h1m1s1ms, PT1H1M1.001S",
    "1.5m, PT1M30S",
    ".5h, PT30M",
    "2.s, PT2S",
    "500ms, PT0.5S",
    "1500000us, PT1.5S",
    "1500000\u00b5s, PT1.5S",
    "1500000\u03bcs, PT1.5S",
    "999999999ns, PT0.999S",
    "999999999h, PT999999999H",
    "10s50s, PT1M"
  })
  void readsSecondsAndGosForms(String text, Duration duration) {
    assertThat(PolicyReader.goDuration(text)).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "s", "5 s", "5S", "1d", "-5s", "+5s", "5,5s", "1m5", ".s", "1e3s", "0x5s", "PT5S"
      })
  void givesNothingForAnythingElse(String text) {
    assertThat(PolicyReader.goDuration(text)).isNull();
  }
}
