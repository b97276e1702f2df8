package com.openfaas.function.bench;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.openfaas.function.lab.FunctionProcess;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The function as its container runs it: the image's command, in what stack.yml sets. */
final class Container implements AutoCloseable {
  private static final Pattern ENVIRONMENT =
      Pattern.compile("(?s)\n    environment:\n(.*?)\n    \\w");
  private static final Pattern VARIABLE = Pattern.compile("(?m)^      (\\w+): \"?([^\"\n]*)\"?$");
  private static final Pattern LIMIT = Pattern.compile("limits:\\s+memory: (\\d+)Mi");

  /** The launcher of java reads options from it. */
  private static final String OPTIONS = "JDK_JAVA_OPTIONS";

  private final FunctionProcess process;

  private Container(FunctionProcess process) {
    this.process = process;
  }

  static Container start(Image image, Map<String, String> environment) throws IOException {
    return new Container(FunctionProcess.start(image.command(), deployed(environment), false));
  }

  /** The environment with what stack.yml and jvm.options add, and with time for large platforms. */
  static Map<String, String> deployed(Map<String, String> environment) throws IOException {
    Map<String, String> deployed = new HashMap<>(environment);
    Matcher block = ENVIRONMENT.matcher(stack());
    if (!block.find()) {
      throw new IllegalStateException("stack.yml sets no environment");
    }
    Matcher variable = VARIABLE.matcher(block.group(1));
    while (variable.find()) {
      deployed.put(variable.group(1), variable.group(2));
    }
    deployed.put("exec_timeout", "600s");
    deployed.put(OPTIONS, "@" + Paths.get("jvm.options").toAbsolutePath());
    return limited(deployed);
  }

  /**
   * The environment with the memory limit of stack.yml, which the JVM takes for the machine's
   * memory. In so small a container it also chooses the serial collector, which on this machine it
   * has to be told.
   */
  static Map<String, String> limited(Map<String, String> environment) throws IOException {
    Map<String, String> limited = new HashMap<>(environment);
    String limit = "-XX:MaxRAM=" + limitMebibytes() + "m -XX:+UseSerialGC";
    limited.merge(OPTIONS, limit, (given, more) -> more + " " + given);
    return limited;
  }

  /** The memory limit of stack.yml. */
  static int limitMebibytes() throws IOException {
    Matcher limit = LIMIT.matcher(stack());
    if (!limit.find()) {
      throw new IllegalStateException("stack.yml sets no memory limit");
    }
    return Integer.parseInt(limit.group(1));
  }

  private static String stack() throws IOException {
    return Files.readString(Paths.get("../stack.yml"));
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
