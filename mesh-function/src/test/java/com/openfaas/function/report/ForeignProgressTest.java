package com.openfaas.function.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Who may edit the Lease may write anything: that is no progress of a run")
class ForeignProgressTest {
  private static final String OURS =
      "{\"id\":\"pod/call\",\"since\":\"2026-09-01T12:00:00Z\",\"wave\":\"canary\",\"at\":1,"
          + "\"waves\":5,\"done\":0,\"total\":6,\"failed\":[]}";

  @Test
  void whatARunOfOursWritesIsBelieved() {
    assertThat(UnderWay.fromJson(OURS).place())
        .isEqualTo("wave 1 of 5 (canary), 0 of 6 objects done");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "'pod/call'          | null",
        "'pod/call'          | 'a\\u202eb'",
        "'pod/call'          | '\\u001b[31m'",
        "'pod/call'          | '<script>'",
        "'pod/call'          | ''",
        "2026-09-01T12:00:00Z| yesterday",
        "2026-09-01T12:00:00Z| -999999999-01-01T00:00:00Z",
        "'canary'            | 'can\\nary'",
        "'canary'            | []",
        "'at':1              | 'at':-1",
        "'at':1              | 'at':6",
        "'waves':5           | 'waves':2147483647",
        "'done':0            | 'done':-2147483648",
        "'done':0            | 'done':7",
        "'total':6           | 'total':-1",
        "'total':6           | 'total':1e999",
        "'total':6           | 'total':99999999999999999999",
        "'failed':[]         | 'failed':null",
        "'failed':[]         | 'failed':[null]",
        "'failed':[]         | 'failed':['a\\u0000']",
        "'failed':[]         | 'failed':{}",
        "'failed':[]         | 'failed':['1','2','3','4','5','6','7','8','9','0','1']"
      })
  void whatNoRunOfOursWritesIsNone(String there, String instead) {
    String edited = OURS.replace(there.replace('\'', '"'), instead.replace('\'', '"'));

    assertThat(edited).isNotEqualTo(OURS);
    assertThat(UnderWay.fromJson(edited)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "{}", "[]", "7", "{\"id\"", "<script>"})
  void whatIsNoRecordAtAllIsNone(String json) {
    assertThat(UnderWay.fromJson(json)).isNull();
  }

  @Test
  void whatIsTooLongOrNestedIsNone() {
    assertThat(UnderWay.fromJson(OURS.replace("pod/call", "x".repeat(200_000)))).isNull();
    assertThat(UnderWay.fromJson(OURS.replace("[]", "[".repeat(10_000)))).isNull();
    assertThat(UnderWay.fromJson(null)).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, Integer.MAX_VALUE})
  void aBarIsAsWideForAnyNumber(int total) {
    String json = OURS.replace("\"total\":6", "\"total\":" + total);

    assertThat(UnderWay.fromJson(json).bar()).hasSize(32);
    assertThat(UnderWay.fromJson(json.replace("\"done\":0", "\"done\":" + total)).bar())
        .hasSize(32);
  }
}
