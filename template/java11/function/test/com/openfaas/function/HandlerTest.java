package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.model.IResponse;
import com.openfaas.model.Request;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HandlerTest {

  private final Handler handler = new Handler();

  @Test
  void greetsWhoeverTheBodyNames() {
    assertThat(invoke("Ada\n").getBody()).isEqualTo("Hello, Ada!\n");
    assertThat(invoke("Ada").getStatusCode()).isEqualTo(200);
  }

  @Test
  void greetsTheWorldWhenTheBodyIsEmpty() {
    assertThat(invoke("").getBody()).isEqualTo("Hello, world!\n");
  }

  private IResponse invoke(String body) {
    return handler.Handle(new Request(body, Map.of()));
  }
}
