package com.openfaas.function.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonParser;
import com.openfaas.function.lab.AuditLog;
import com.openfaas.function.lab.Cluster;
import com.openfaas.function.lab.TestPlatform;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** Very many callers at the same moment, as a schedule gone wrong or a dashboard would be. */
final class ManyCallers {
  private final Image image;
  private final Table table =
      new Table(
          "functions",
          "calls at once",
          "answers",
          "API requests",
          "p50, s",
          "p99, s",
          "peak memory, MiB");

  ManyCallers(Image image) {
    this.image = image;
  }

  Table measure(Cluster cluster, List<Integer> sizes) throws IOException, InterruptedException {
    for (int size : sizes) {
      measure(cluster, size);
    }
    return table;
  }

  private void measure(Cluster cluster, int size) throws IOException, InterruptedException {
    try (TestPlatform platform = TestPlatform.create(cluster, "callers" + size)) {
      platform.installOpenFaas();
      platform.addFunctions(1, size);
      platform.linkerd().install();
      platform.awaitSettled(Duration.ofMinutes(10));
      AuditLog audit = new AuditLog(platform);
      try (Container function = Container.start(image, platform.functionEnvironment())) {
        function.call("GET", "");
        call(function, audit, size, 200, "status");
        call(function, audit, size, 50, "apply");
      }
    }
  }

  private void call(Container function, AuditLog audit, int size, int calls, String action) {
    audit.forget();
    HttpClient client = HttpClient.newHttpClient();
    List<CompletableFuture<Double>> ends = new ArrayList<>();
    Map<String, Integer> answers = new TreeMap<>();
    for (int i = 0; i < calls; i++) {
      HttpRequest request =
          HttpRequest.newBuilder(function.process().url())
              .header("Accept", "application/json")
              .header("X-Http-Method", "POST")
              .POST(BodyPublishers.ofString(action))
              .build();
      long began = System.nanoTime();
      ends.add(
          client
              .sendAsync(request, BodyHandlers.ofString(UTF_8))
              .thenApply(
                  response -> {
                    double seconds = (System.nanoTime() - began) / 1e9;
                    note(response, answers);
                    return seconds;
                  }));
    }
    List<Double> seconds = new ArrayList<>();
    ends.forEach(end -> seconds.add(end.join()));
    int asked = audit.requests().size();
    try {
      table.row(
          size,
          calls + " " + action,
          answers.toString().replaceAll("[{}]", ""),
          asked,
          String.format(Locale.ROOT, "%.2f", Table.ranked(seconds, 0.5)),
          String.format(Locale.ROOT, "%.2f", Table.ranked(seconds, 0.99)),
          String.format(Locale.ROOT, "%.0f", function.peakMebibytes()));
    } catch (IOException e) {
      throw new IllegalStateException("the function ended under its callers", e);
    }
  }

  private static void note(HttpResponse<String> response, Map<String, Integer> answers) {
    String outcome =
        response.body().startsWith("{")
            ? JsonParser.parseString(response.body()).getAsJsonObject().get("outcome").getAsString()
            : "refused";
    synchronized (answers) {
      answers.merge(response.statusCode() + " " + outcome, 1, Integer::sum);
    }
  }
}
