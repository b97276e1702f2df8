package com.openfaas.entrypoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {

  @Test
  void hasDefaultsForEverything() {
    Settings settings = Settings.from(Map.of("http_threads", " "));

    assertThat(settings.host).isEqualTo("127.0.0.1");
    assertThat(settings.port).isEqualTo(8082);
    assertThat(settings.threads).isEqualTo(16);
    assertThat(settings.queue).isEqualTo(64);
    assertThat(settings.maxBodyBytes).isEqualTo(1024 * 1024);
    assertThat(settings.drainTimeout).isEqualTo(Duration.ofSeconds(25));
  }

  @ParameterizedTest
  @CsvSource({"7,7000", "7s,7000", "1m30s,90000", "0.5s,500", "0,0"})
  void readsTimesAsTheWatchdogDoes(String value, long millis) {
    assertThat(Settings.from(Map.of("http_drain_timeout", value)).drainTimeout)
        .isEqualTo(Duration.ofMillis(millis));
  }

  @Test
  void namesEveryFaultAtOnce() {
    Map<String, String> environment =
        Map.of("http_port", "65536", "http_threads", "many", "http_drain_timeout", "-3s");

    assertThatThrownBy(() -> Settings.from(environment))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("http_port is \"65536\" but must be a whole number from 0 to 65535")
        .hasMessageContaining("http_threads is \"many\"")
        .hasMessageContaining("http_drain_timeout is \"-3s\"");
  }
}
