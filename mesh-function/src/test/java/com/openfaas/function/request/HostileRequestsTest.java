package com.openfaas.function.request;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.Handler;
import com.openfaas.function.lab.OperatorKey;
import com.openfaas.function.request.Answering.Format;
import com.openfaas.model.IRequest;
import com.openfaas.model.IResponse;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The table cases/requests.yaml, through the whole function: none of its requests reaches a run.
 * There is no key here, so what is about a signature is refused for that.
 */
class HostileRequestsTest {
  static Stream<HostileRequest> requests() {
    return HostileRequest.all(new OperatorKey("nobody's"), Instant.now()).stream()
        .filter(HostileRequest::isForHandler);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("requests")
  void isRefusedInPlainWords(HostileRequest given) {
    IRequest request = request(given);
    // Of the processor's time: what the request costs, not what else the machine has to do.
    long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    IResponse answer = new Handler().Handle(request);
    long spent = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
    assertThat(Duration.ofNanos(spent)).isLessThan(Duration.ofSeconds(2));
    boolean keyless = given.isAboutSignature() && given.statusOfHandler() == 401;
    assertThat(answer.getStatusCode())
        .as(answer.getBody())
        .isEqualTo(keyless ? 403 : given.statusOfHandler());
    assertThat(answer.getBody())
        .contains(keyless ? "there is no key" : given.saysHandler())
        .doesNotContainPattern("(?m)^\\s+at |Exception|JsonReader|com\\.(openfaas|google)|java\\.")
        .doesNotContainPattern("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}&&[^\\n]]");
    assertThat(answer.getContentType())
        .isEqualTo(
            answer.getBody().startsWith("{") ? Format.JSON.contentType : Format.TEXT.contentType);
    if (answer.getStatusCode() == 405) {
      assertThat(answer.getHeader("Allow")).contains("POST");
    }
  }

  private static IRequest request(HostileRequest given) {
    Sent sent = Sent.unmethodical().query(given.query()).body(given.body());
    if (!given.method().equals("none")) {
      sent.with("X-Http-Method", given.method());
    }
    given.headers().forEach(sent::with);
    return sent.request();
  }
}
