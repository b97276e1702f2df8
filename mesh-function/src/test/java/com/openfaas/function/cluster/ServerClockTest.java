package com.openfaas.function.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.cluster.Connection.ServerClock;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node's clock is 2026-09-01 12:00:00.700; what the API server's Date header makes of it. */
class ServerClockTest {
  private static final Instant OWN = Instant.parse("2026-09-01T12:00:00.700Z");

  private final ServerClock clock = new ServerClock(Clock.fixed(OWN, ZoneOffset.UTC));

  @Test
  void isOurOwnUntilTheServerHasAnswered() {
    assertThat(clock.now()).isEqualTo(OWN);
  }

  @Test
  void goesByAServerThatIsAhead() {
    answered("Tue, 01 Sep 2026 12:10:00 GMT");

    assertThat(clock.now()).isEqualTo("2026-09-01T12:10:00Z");
  }

  @Test
  void goesByAServerThatIsBehind() {
    answered("Tue, 1 Sep 2026 11:50:00 GMT");

    assertThat(clock.now()).isEqualTo("2026-09-01T11:50:00Z");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Tue, 01 Sep 2026 12:00:00 GMT", "Tue, 01 Sep 2026 12:00:01 GMT"})
  void isOurOwnWhereTheTwoAgreeToTheSecond(String date) {
    answered(date);

    assertThat(clock.now()).isEqualTo(OWN);
  }

  @Test
  void agreesAgainOnceTheServerDoes() {
    answered("Tue, 01 Sep 2026 12:10:00 GMT");
    answered("Tue, 01 Sep 2026 12:00:00 GMT");

    assertThat(clock.now()).isEqualTo(OWN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "yesterday", "2026-09-01T12:10:00Z", "Tue, 32 Sep 2026 12:10:00 GMT"})
  void keepsWhatItKnewWhereTheDateIsNonsense(String date) {
    answered("Tue, 01 Sep 2026 12:10:00 GMT");
    answered(date);

    assertThat(clock.now()).isEqualTo("2026-09-01T12:10:00Z");
  }

  @Test
  void keepsWhatItKnewWhereThereIsNoDate() {
    answered("Tue, 01 Sep 2026 12:10:00 GMT");
    clock.after(null, response(List.of()), null);

    assertThat(clock.now()).isEqualTo("2026-09-01T12:10:00Z");
  }

  private void answered(String date) {
    clock.after(null, response(List.of(date)), null);
  }

  private static HttpResponse<?> response(List<String> dates) {
    return (HttpResponse<?>)
        Proxy.newProxyInstance(
            ServerClockTest.class.getClassLoader(),
            new Class<?>[] {HttpResponse.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("headers") && "Date".equals(arguments[0])) {
                return dates;
              }
              throw new UnsupportedOperationException(method.getName());
            });
  }
}
