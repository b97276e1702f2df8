package com.openfaas.function;

import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.TestPlatform;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Tests on a platform behind the fake gateway, on which nothing is meshed before each. They wait
 * for the most part, for a Lease or a window to end: so some run at a time, each on a platform of
 * its own, which the next one gets.
 */
@ExtendWith(ClusterExtension.class)
abstract class GatewayScenarios {
  private static final int AT_ONCE = 4;

  private static final List<GatewayScenario> ALL = new ArrayList<>();
  private static BlockingQueue<GatewayScenario> idle;

  GatewayScenario scenario;

  @BeforeAll
  static void install(TestPlatform installed) {
    List<TestPlatform> platforms = new ArrayList<>(List.of(installed));
    for (int i = 2; i <= AT_ONCE; i++) {
      platforms.add(installed.beside(i));
    }
    platforms.forEach(TestPlatform::installOpenFaas);
    installed.linkerd().install();
    installed.awaitSettled();
    platforms.forEach(platform -> ALL.add(GatewayScenario.fresh(platform)));
    idle = new LinkedBlockingQueue<>(ALL);
  }

  @AfterAll
  static void end() {
    ALL.forEach(GatewayScenario::close);
    ALL.clear();
  }

  @BeforeEach
  void take() throws InterruptedException {
    scenario = idle.take();
  }

  @AfterEach
  void asItWas() {
    try {
      scenario.reset();
    } finally {
      idle.add(scenario);
    }
  }
}
