package com.openfaas.function.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.platform.Cases;
import com.openfaas.function.verify.MetricsReader.SeriesText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The text format, line by line, whole and broken. */
class SeriesTextTest {
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"([^\"]*)\"");

  @Test
  @DisplayName("every line of the real texts, as a plain regular expression reads it")
  void readsEveryLineOfRealProxies() throws IOException {
    List<String> samples =
        realLines().stream().filter(line -> !line.startsWith("#")).collect(Collectors.toList());
    assertThat(samples).hasSizeGreaterThan(300);
    for (String line : samples) {
      SeriesText text = SeriesText.read(line);
      int space = line.lastIndexOf(' ');
      Map<String, String> labels = new LinkedHashMap<>();
      Matcher label = LABEL.matcher(line);
      while (label.find()) {
        labels.put(label.group(1), label.group(2));
      }
      assertThat(text).as(line).isNotNull();
      assertThat(text.series()).isEqualTo(line.substring(0, space));
      assertThat(text.labels()).isEqualTo(labels);
      assertThat(text.value()).isEqualTo(Double.parseDouble(line.substring(space + 1)));
    }
  }

  @Test
  void escapesTimestampsAndTrailingCommasAreRead() {
    SeriesText text = SeriesText.read("a:b_1{x=\"q\\\"} \\\\ \\n\",y=\"\",} +1.5e3 1795394732000");

    assertThat(text.labels()).isEqualTo(Map.of("x", "q\"} \\ \n", "y", ""));
    assertThat(text.value()).isEqualTo(1500);
    assertThat(SeriesText.read("up 1").value()).isEqualTo(1);
    assertThat(SeriesText.read("up{} .5").value()).isEqualTo(0.5);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "# HELP a b",
        "1a 1",
        "{x=\"y\"} 1",
        "a{x} 1",
        "a{x=} 1",
        "a{x=y} 1",
        "a{x=\"y} 1",
        "a{x=\"y\" 1",
        "a{x=\"y\"z=\"w\"} 1",
        "a{,} 1",
        "a{x=\"y\",x=\"z\"} 1",
        "a{x=\"y\\",
        "a{1=\"y\"} 1"
      })
  @DisplayName("what is not well formed is no sample")
  void brokenLinesAreNoSamples(String line) {
    assertThat(SeriesText.read(line)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "a ",
        "a x",
        "a NaN",
        "a +Inf",
        "a 1f",
        "a 0x1p3",
        "a 1e999",
        "a 1,5",
        "a{x=\"y\"}",
        "a --1"
      })
  @DisplayName("a value that is none, or not finite, is no value")
  void strangeValuesAreNoValues(String line) {
    assertThat(SeriesText.read(line).value()).isNull();
  }

  @Test
  @DisplayName("20,000 mutated lines of real texts: nothing thrown, nothing invented")
  void mutatedTextsNeitherThrowNorInvent() throws IOException {
    Random random = new Random(20_261_123L);
    List<String> real = realLines();
    int read = 0;
    for (int i = 0; i < 20_000; i++) {
      String line = mutated(real.get(random.nextInt(real.size())), random);
      SeriesText text = SeriesText.read(line);
      Metrics.of(Stream.of(line)).sinceStart().forEach(s -> assertThat(s.grown).isFinite());
      if (text != null) {
        read++;
        assertThat(line).as("what was read stands there").startsWith(text.series());
        assertThat(text.series()).startsWith(SeriesText.nameOf(line));
        assertThat(text.labels().values()).allMatch(value -> value.length() <= line.length());
        Double value = text.value();
        assertThat(value == null || Double.isFinite(value)).as(line).isTrue();
      }
    }
    assertThat(read).as("some mutants are still lines, some are not").isBetween(2_000, 18_000);
  }

  @Test
  @DisplayName("metrics with mutated lines among them are read as those without these lines")
  void brokenLinesDoNotSpoilTheOthers() throws IOException {
    List<String> real = realLines();
    List<String> withBroken = new ArrayList<>(real);
    for (int i = 0; i < real.size(); i += 3) {
      withBroken.add(i, "request_total{direction=\"outbound\",tls=\"true\" 5");
    }

    assertThat(grown(withBroken)).isEqualTo(grown(real)).isNotEmpty();
  }

  private static Map<String, Double> grown(List<String> lines) {
    return Metrics.of(lines.stream()).sinceStart().stream()
        .collect(
            Collectors.groupingBy(
                series -> series.name, Collectors.summingDouble(series -> series.grown)));
  }

  private static String mutated(String line, Random random) {
    StringBuilder text = new StringBuilder(line);
    for (int i = random.nextInt(4); i >= 0 && text.length() > 0; i--) {
      int at = random.nextInt(text.length());
      String odd = "{}\",=\\ \n\u0000\u20ac1#+";
      char other = odd.charAt(random.nextInt(odd.length()));
      switch (random.nextInt(4)) {
        case 0:
          text.setCharAt(at, other);
          break;
        case 1:
          text.insert(at, other);
          break;
        case 2:
          text.deleteCharAt(at);
          break;
        default:
          text.setLength(at);
      }
    }
    return text.toString();
  }

  private static List<String> realLines() throws IOException {
    List<String> lines = new ArrayList<>();
    for (Path folder : Cases.in("metrics")) {
      if (Files.isDirectory(folder)) {
        lines.addAll(Files.readAllLines(folder.resolve("gateway.after.txt")));
        lines.addAll(Files.readAllLines(folder.resolve("nodeinfo.after.txt")));
      }
    }
    return lines;
  }
}
