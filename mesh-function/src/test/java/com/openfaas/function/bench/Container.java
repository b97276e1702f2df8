package com.openfaas.function.bench;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.openfaas.function.lab.FunctionProcess;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The function as its container runs it: the image's command, and a JVM that takes the memory limit
 * of stack.yml for the machine's memory. In so small a container a JVM also chooses the serial
 * collector, which on this machine it has to be told.
 */
final class Container implements AutoCloseable {
  private static final Pattern LIMIT = Pattern.compile("limits:\\s+memory: (\\d+)Mi");

  private final FunctionProcess process;

  private Container(FunctionProcess process) {
    this.process = process;
  }

  static Container start(List<String> command, Map<String, String> environment) throws IOException {
    return new Container(FunctionProcess.start(command, limited(environment), false));
  }

  /** The environment, with time for large platforms, and the limit. */
  static Map<String, String> limited(Map<String, String> environment) throws IOException {
    Map<String, String> limited = new HashMap<>(environment);
    limited.put("exec_timeout", "600s");
    limited.put("JDK_JAVA_OPTIONS", "-XX:MaxRAM=" + limitMebibytes() + "m -XX:+UseSerialGC");
    return limited;
  }

  /** The memory limit of stack.yml. */
  static int limitMebibytes() throws IOException {
    Matcher limit = LIMIT.matcher(Files.readString(Paths.get("../stack.yml")));
    if (!limit.find()) {
      throw new IllegalStateException("stack.yml sets no memory limit");
    }
    return Integer.parseInt(limit.group(1));
  }

  /** A call with a good end, timed by the caller. */
  Answer call(String method, String body) throws IOException, InterruptedException {
    long began = System.nanoTime();
    HttpResponse<String> response = process.invoke(method, "", body);
    double seconds = (System.nanoTime() - began) / 1e9;
    if (response.statusCode() != 200) {
      throw new IllegalStateException(response.statusCode() + " " + response.body());
    }
    return new Answer(seconds, JsonParser.parseString(response.body()).getAsJsonObject());
  }

  FunctionProcess process() {
    return process;
  }

  double peakMebibytes() throws IOException {
    return process.peakMemory() / 1024.0 / 1024.0;
  }

  @Override
  public void close() {
    process.close();
  }

  /** What came back, and when. */
  static final class Answer {
    final double seconds;
    final JsonObject report;

    Answer(double seconds, JsonObject report) {
      this.seconds = seconds;
      this.report = report;
    }

    String outcome() {
      return report.get("outcome").getAsString();
    }

    int apiRequests() {
      return report.getAsJsonObject("run").get("apiRequests").getAsInt();
    }
  }
}
