package com.openfaas.function;

import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.TestPlatform;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests on one platform behind the gateway's stand-in, on which nothing is meshed before each. */
@ExtendWith(ClusterExtension.class)
abstract class GatewayTrials {
  static GatewayTrial trial;

  @BeforeAll
  static void install(TestPlatform installed) {
    trial = GatewayTrial.fresh(installed);
  }

  @AfterAll
  static void end() {
    if (trial != null) {
      trial.close();
    }
  }

  @AfterEach
  void asItWas() {
    trial.reset();
  }
}
