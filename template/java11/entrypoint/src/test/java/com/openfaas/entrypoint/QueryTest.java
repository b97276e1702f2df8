package com.openfaas.entrypoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryTest {

  @Test
  void dividesAtTheFirstEqualsSign() throws Exception {
    assertThat(Query.parse("a=b=c==")).isEqualTo(Map.of("a", "b=c=="));
  }

  @Test
  void givesAFlagTheEmptyValue() throws Exception {
    assertThat(Query.parse("dry&force=")).isEqualTo(Map.of("dry", "", "force", ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "&", "&&&", "=", "=b", "&=&"})
  void ignoresPiecesWithoutAName(String raw) throws Exception {
    assertThat(Query.parse(raw)).isEmpty();
  }

  @Test
  void decodesFormEncodingAsUtf8() throws Exception {
    assertThat(Query.parse("n%C3%A4me+1=%E4%B8%96+%2B%3D%26")).isEqualTo(Map.of("näme 1", "世 +=&"));
  }

  @Test
  void keepsTheOrderAndTheLastOfEqualNames() throws Exception {
    assertThat(Query.parse("b=1&a=2&b=3"))
        .containsExactly(Map.entry("b", "3"), Map.entry("a", "2"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a=%FF", "%C3=1", "a=%zz", "a=%4"})
  void refusesWhatCannotBeDecoded(String raw) {
    assertThatThrownBy(() -> Query.parse(raw))
        .isInstanceOfSatisfying(
            RejectedRequestException.class, e -> assertThat(e.status).isEqualTo(400))
        .hasMessageContaining("%");
  }
}
