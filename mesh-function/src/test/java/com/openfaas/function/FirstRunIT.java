package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.Caller.Answer;
import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.TestPlatform;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ClusterExtension.class)
class FirstRunIT {
  private static TestPlatform platform;
  private static Caller caller;

  @BeforeAll
  static void install(TestPlatform installed) {
    platform = installed.installOpenFaas();
    platform.linkerd().install();
    platform.awaitSettled();
    caller = new Caller(platform);
  }

  @Test
  void meshesThePlatform() {
    Answer status = caller.get("");
    Answer applied = caller.post("{\"format\":\"text\"}");
    System.out.println(applied.body);
    platform.awaitSettled();
    System.out.println(caller.post("{\"format\":\"text\"}").body);
    assertThat(status.outcome()).isEqualTo("observed");
  }
}
