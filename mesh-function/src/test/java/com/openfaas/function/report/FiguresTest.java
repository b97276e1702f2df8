package com.openfaas.function.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {
  @ParameterizedTest
  @CsvSource({"1, 100.0", "0.9999, 99.9", "0.9995, 99.9", "0.58, 58.0", "0.29, 29.0", "0, 0.0"})
  void aPercentageIsNeverRoundedUp(double part, String percent) {
    assertThat(Figures.percent(part)).isEqualTo(percent);
  }
}
