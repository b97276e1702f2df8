package com.openfaas.function.platform;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PortsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "4222 | 4222 | true",
        "4567,4568 | 4222 | false",
        "4567,4222 | 4222 | true",
        "4000-5000 | 4222 | true",
        "4222-4222 | 4222 | true",
        "4223-5000 | 4222 | false",
        "4000-5000 | 4222,4333 | true",
        "4000-5000 | 4222,5001 | false",
        "4000-5000 | 4100-4200 | true",
        "4000-4150,4151-5000 | 4100-4200 | false",
        "' 4222 , 4567' | 4222 | true",
        "14222 | 4222 | false",
        "nonsense,4222 | 4222 | true",
        "nonsense | 4222 | false",
        "'' | '' | true",
        "none | '' | true",
        "none | 4222 | false",
      })
  void coversWhatItHoldsByItselfOrWithinARange(String list, String wanted, boolean covered) {
    assertThat(Ports.covers(list, wanted)).isEqualTo(covered);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "4222 | 4567,4568 | 4567,4568 | 4222,4567,4568",
        "4222 | 5432 | 4567,4568 | 4222,5432,4567,4568",
        "4222 | 4222,4567 | 4567,4568 | 4222,4567,4568",
        "4222 | ' 4000-5000 , 80' | '' | 4222,4000-5000,80",
        "'' | none | 4567,4568 | 4567,4568",
        "4222 | rubbish,80 | 4567 | 4222,80,4567",
      })
  void theUnionHoldsEachEntryOnceInTheOrderGiven(
      String first, String second, String third, String union) {
    assertThat(Ports.union(first, second, third)).isEqualTo(union);
  }
}
