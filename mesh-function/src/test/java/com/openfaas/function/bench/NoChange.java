package com.openfaas.function.bench;

import com.openfaas.function.bench.Container.Answer;
import com.openfaas.function.lab.Cluster;
import com.openfaas.function.lab.TestPlatform;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** An apply that finds nothing to do, on one platform that grows: all its functions are meshed. */
final class NoChange {
  private static final int WARMING = 8;
  private static final int MEASURED = 5;

  /** What the pipeline of three commands took at 503 functions on this kind of machine, s. */
  private static final double BY_HAND = 41;

  private final Image image;
  private final Goals goals;
  private final Table table =
      new Table(
          "functions",
          "first call, s",
          "warm, s",
          "API requests",
          "from the API server, KiB",
          "peak memory, MiB");
  private final Map<Integer, Double> seconds = new TreeMap<>();
  private final Map<Integer, Double> kibibytes = new TreeMap<>();

  NoChange(Image image, Goals goals) {
    this.image = image;
    this.goals = goals;
  }

  Table measure(Cluster cluster, List<Integer> sizes) throws IOException, InterruptedException {
    try (TestPlatform platform = TestPlatform.create(cluster, "")) {
      platform.installWithLinkerd();
      try (Container function = Container.start(image, platform.functionEnvironment())) {
        function.call("POST", "");
        platform.lease().awaitFree();
      }
      int present = 0;
      for (int size : sizes) {
        platform.addFunctions(present + 1, size);
        platform.awaitSettled(Duration.ofMinutes(10));
        present = size;
        measure(platform, size);
      }
    }
    return table;
  }

  Map<Integer, Double> seconds() {
    return seconds;
  }

  Map<Integer, Double> kibibytes() {
    return kibibytes;
  }

  private void measure(TestPlatform platform, int size) throws IOException, InterruptedException {
    try (ByteCounter counter = new ByteCounter(platform.functionEnvironment());
        Container function = Container.start(image, counter.environment())) {
      double first = apply(function).seconds;
      for (int i = 0; i < WARMING; i++) {
        apply(function);
      }
      List<Double> warm = new ArrayList<>();
      long before = counter.received();
      Answer last = null;
      for (int i = 0; i < MEASURED; i++) {
        last = apply(function);
        warm.add(last.seconds);
      }
      seconds.put(size, Table.median(warm));
      kibibytes.put(size, (counter.received() - before) / 1024.0 / MEASURED);
      row(size, first, last.apiRequests(), function.peakMebibytes());
    }
  }

  private void row(int size, double first, int requests, double memory) {
    table.row(
        size,
        String.format(Locale.ROOT, "%.2f", first),
        String.format(Locale.ROOT, "%.3f", seconds.get(size)),
        requests,
        String.format(Locale.ROOT, "%.0f", kibibytes.get(size)),
        String.format(Locale.ROOT, "%.0f", memory));
    // Deployments and pods are listed in pages of 1000; some are the platform's own.
    int most = 19 + 2 * (size / 1000);
    goals.atMost(most, requests, "API requests", "no-change apply at " + size);
    if (size == 500) {
      goals.atMost(BY_HAND / 50, seconds.get(size), "s", "no-change apply at 500, 1/50 by hand");
    }
    if (size == 1000) {
      goals.atMost(1, seconds.get(size), "s", "no-change apply at 1000, warm");
      goals.atMost(128, memory, "MiB", "peak memory of no-change applies at 1000");
    }
  }

  private static Answer apply(Container function) throws IOException, InterruptedException {
    Answer answer = function.call("POST", "");
    if (!answer.outcome().equals("meshed")) {
      throw new IllegalStateException(answer.report.toString());
    }
    return answer;
  }
}
