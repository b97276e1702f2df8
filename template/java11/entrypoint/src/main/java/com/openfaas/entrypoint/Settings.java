package com.openfaas.entrypoint;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The server's settings from the environment. The names follow of-watchdog's style, as they stand
 * beside its own in {@code stack.yml}:
 *
 * <table>
 * <caption>Environment variables</caption>
 * <tr><td>{@code http_host}</td><td>address to bind, {@code 127.0.0.1}: of-watchdog is the only caller,
 *     and its limits must not be bypassed from other pods</td></tr>
 * <tr><td>{@code http_port}</td><td>port to bind, 8082; 0 for any free one. of-watchdog finds it by
 *     {@code upstream_url}</td></tr>
 * <tr><td>{@code http_threads}</td><td>concurrent requests, 16</td></tr>
 * <tr><td>{@code http_queue}</td><td>requests that wait for a thread, 64; further ones get 503 with
 *     {@code Retry-After}</td></tr>
 * <tr><td>{@code http_max_body}</td><td>longest request body in bytes, 1048576; a longer one gets
 *     413</td></tr>
 * <tr><td>{@code http_drain_timeout}</td><td>how long running requests may continue after SIGTERM,
 *     {@code 25s}: below the 30 seconds after which Kubernetes kills. Whole seconds ({@code 25}) or
 *     units ({@code 25s}, {@code 1m30s})</td></tr>
 * </table>
 *
 * <p>An empty value counts as unset.
 */
final class Settings {

  final String host;
  final int port;
  final int threads;
  final int queue;
  final int maxBodyBytes;
  final Duration drainTimeout;

  private Settings(Map<String, String> environment, List<String> faults) {
    Reader read = new Reader(environment, faults);
    host = read.text("http_host", "127.0.0.1");
    port = read.number("http_port", 8082, 0, 65_535);
    threads = read.number("http_threads", 16, 1, 1_000);
    queue = read.number("http_queue", 64, 1, 100_000);
    maxBodyBytes = read.number("http_max_body", 1 << 20, 0, 1 << 30);
    drainTimeout = read.duration("http_drain_timeout", "25s");
  }

  /**
   * Reads the settings.
   *
   * @throws IllegalArgumentException naming every invalid value, not only the first
   */
  static Settings from(Map<String, String> environment) {
    List<String> faults = new ArrayList<>();
    Settings settings = new Settings(environment, faults);
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", faults));
    }
    return settings;
  }

  /** Reads one value at a time and collects the faults for one message. */
  private static final class Reader {

    private final Map<String, String> environment;
    private final List<String> faults;

    Reader(Map<String, String> environment, List<String> faults) {
      this.environment = environment;
      this.faults = faults;
    }

    String text(String name, String unset) {
      String value = environment.getOrDefault(name, "").trim();
      return value.isEmpty() ? unset : value;
    }

    int number(String name, int unset, int least, int most) {
      String value = text(name, Integer.toString(unset));
      if (value.matches("\\d{1,10}")) {
        long number = Long.parseLong(value);
        if (number >= least && number <= most) {
          return (int) number;
        }
      }
      return fault(name, value, "a whole number from " + least + " to " + most, unset);
    }

    Duration duration(String name, String unset) {
      String value = text(name, unset);
      String seconds = value.matches("\\d+") ? value + "s" : value;
      try {
        Duration duration = Duration.parse("PT" + seconds.toUpperCase(Locale.ROOT));
        return duration.isNegative()
            ? fault(name, value, "a time that is not negative", duration)
            : duration;
      } catch (DateTimeParseException e) {
        return fault(name, value, "seconds, or a time such as 25s or 1m30s", Duration.ZERO);
      }
    }

    private <T> T fault(String name, String value, String wanted, T instead) {
      faults.add(name + " is \"" + value + "\" but must be " + wanted);
      return instead;
    }
  }
}
