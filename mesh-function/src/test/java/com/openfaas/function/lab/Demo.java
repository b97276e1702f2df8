package com.openfaas.function.lab;

import com.google.gson.Gson;
import com.openfaas.function.browser.Chromium;
import com.openfaas.function.report.Formats;
import com.openfaas.function.report.Report;
import com.openfaas.function.request.Answering.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/**
 * The story of a platform that meshes itself: the function runs as the template's process, as its
 * own account, and is sent what the gateway would send. Started by build/demo.
 */
public final class Demo {
  private final TestPlatform platform;

  /** Where reports go, and the page; null: nowhere. */
  private final Path reports;

  private final Path page;
  private final List<String> surprises = new ArrayList<>();
  private FakeGateway gateway;
  private FunctionProcess function;
  private ProtectStory protect;
  private String last = "";
  private int runs;

  private Demo(TestPlatform platform, Path reports, Path page) {
    this.platform = platform;
    this.reports = reports;
    this.page = page;
  }

  /** Exit code 0 only if every outcome was the expected one. */
  public static void main(String[] arguments) throws Exception {
    List<String> given = List.of(arguments);
    // As in the tests: 10 s, the default, may be short, and a connection that the injector's server
    // closes as idle may be the one on which the API server asks it.
    Awaitility.setDefaultTimeout(Duration.ofMinutes(2));
    System.setProperty("sun.net.httpserver.idleInterval", "3600");
    say("starting a control plane");
    int exit;
    try (Cluster cluster = ClusterChoice.find();
        TestPlatform platform = TestPlatform.create(cluster, "")) {
      Demo demo = new Demo(platform, path(given, "--reports"), path(given, "--page"));
      exit = demo.tell(given);
    }
    System.exit(exit);
  }

  /** What follows the option; null where it is not given. */
  private static Path path(List<String> given, String option) {
    int at = given.indexOf(option);
    return at < 0 ? null : Paths.get(given.get(at + 1));
  }

  private int tell(List<String> given) throws IOException, InterruptedException {
    say("installing OpenFaaS and some functions, then Linkerd");
    platform.installOpenFaas();
    platform.linkerd().install();
    platform.awaitSettled();
    Map<String, String> environment = new HashMap<>(platform.functionEnvironment());
    // As shipped where the answer is to come first; else the story is of what is done by then.
    environment.put("exec_timeout", given.contains("--slow") ? "55s" : "300s");
    if (given.contains("--ingress")) {
      environment.put("mesh_ingress", "apply");
    }
    if (given.contains("--slow")) {
      environment.putAll(SlowStarts.SETTINGS);
    }
    boolean protects = given.contains("--protect");
    if (protects) {
      environment.putAll(ProtectStory.SETTINGS);
      ProtectStory.mountKey(environment);
    }
    // Pods answer, and the gateway can be called, only where the lab gives them addresses.
    boolean answering = platform.cluster().name.equals("lab");
    try (FakeGateway before = answering ? FakeGateway.before(platform) : null) {
      gateway = before;
      if (answering) {
        environment.put("gateway_url", gateway.url().toString());
      }
      if (protects) {
        protect = new ProtectStory(platform, gateway, Demo::say);
      }
      return tell(environment, given);
    }
  }

  private int tell(Map<String, String> environment, List<String> given)
      throws IOException, InterruptedException {
    try (FunctionProcess started = FunctionProcess.start(FunctionProcess.TEMPLATE, environment)) {
      function = started;
      Runtime.getRuntime().addShutdownHook(new Thread(started::close));
      boolean keep = given.contains("--keep");
      if (given.contains("--ingress")) {
        runsBehindAnIngressController(keep);
      } else if (protect != null || given.contains("--slow")) {
        surprises.addAll(
            protect == null
                ? new SlowStarts(platform, function, Demo::say).tell()
                : protect.tell(function, this::writePage));
        last = function.invoke("GET", "format=json", "").body();
        end(keep);
      } else {
        runs();
        end(keep);
      }
    }
    return surprises.isEmpty() ? 0 : 1;
  }

  private void end(boolean keep) throws IOException, InterruptedException {
    writePage();
    System.out.print(last);
    System.out.flush();
    surprises.forEach(Demo::say);
    say(surprises.isEmpty() ? "every outcome was the expected one" : "not as it should be");
    if (keep) {
      keep();
    }
  }

  private void runs() throws IOException, InterruptedException {
    apply("first apply", "changed", Map.of("gateway", "deferred", "nodeinfo", "enabled"));
    apply("apply again: nothing to change", "meshed", Map.of());

    say("deploying the function cows: its namespace meshes it");
    platform.deployFunction("cows");
    platform.awaitSettled();
    say("deploying the function slipped while the injector is away: it starts without a proxy");
    platform.linkerd().injector().stop();
    platform.deployFunction("slipped");
    platform.awaitSettled();
    platform.linkerd().injector().start();
    apply("apply once more: only slipped is touched", "changed", Map.of("slipped", "restarted"));
    if (gateway != null) {
      gateway.awaitServing("cows", "slipped");
    }
  }

  private void runsBehindAnIngressController(boolean keep)
      throws IOException, InterruptedException {
    say("installing a controller shaped like ingress-nginx, and its route to the gateway");
    try (IngressController controller = new IngressController(platform, "ingress-nginx")) {
      controller.grant();
      apply(
          "first apply, with mesh_ingress=apply",
          "changed",
          Map.of("gateway", "deferred", "ingress-nginx-controller", "enabled"));
      say("the Ingress now has " + controller.routeAnnotations());
      expect(
          "the route",
          "true",
          controller.routeAnnotations().get("nginx.ingress.kubernetes.io/service-upstream"));
      apply("apply again: nothing to change", "meshed", Map.of());
      end(keep);
    }
  }

  /** Sends an apply and holds its report against what should have come of it. */
  private void apply(String title, String outcome, Map<String, String> changes)
      throws IOException, InterruptedException {
    say(title);
    last = function.invoke("POST", "", "").body();
    Report report = new Gson().fromJson(last, Report.class);
    String text = Formats.body(report, Format.TEXT, 80);
    System.err.println(text.replaceAll("(?m)^", "    "));
    write(++runs + "-apply.json", last);
    write(runs + "-apply.txt", text);
    expect(title + ": outcome", outcome, report.outcome.toString());
    changes.forEach((name, change) -> expect(title + ": " + name, change, changeOf(report, name)));
    if (changes.size() < 2) {
      long touched =
          report.workloads.stream().filter(w -> !w.change.toString().equals("none")).count();
      expect(title + ": workloads touched", changes.size(), (int) touched);
    }
    platform.awaitTheEnd();
    if (gateway != null) {
      gateway.awaitServing();
    }
  }

  private static String changeOf(Report report, String name) {
    return report.workloads.stream()
        .filter(workload -> workload.name.equals(name))
        .map(workload -> workload.change.toString())
        .findFirst()
        .orElse("absent");
  }

  private void expect(String what, Object expected, Object actual) {
    if (!expected.equals(actual)) {
      surprises.add(what + ": expected " + expected + ", was " + actual);
    }
  }

  private void write(String name, String text) throws IOException {
    if (reports != null) {
      Files.createDirectories(reports);
      Files.writeString(reports.resolve(name), text);
    }
  }

  /** The page as a browser gets it, and how it looks in one. */
  private void writePage() throws IOException, InterruptedException {
    if (page == null) {
      return;
    }
    Files.writeString(page, function.page().body());
    say("the page: " + page);
    if (!Chromium.isInstalled()) {
      say("no screenshot: there is no Chromium");
      return;
    }
    Path png = Paths.get(page.toString().replaceFirst("(\\.html)?$", ".png"));
    try (Chromium chromium = Chromium.start()) {
      chromium.open(function.url(), 1200, false).screenshot(png, 1100);
    }
    say("a screenshot of it: " + png);
  }

  private void keep() throws InterruptedException {
    say("left up until Ctrl-C. Invoke it: curl -d '' " + function.url());
    say("mTLS of its edges: curl '" + function.url() + "?action=verify&format=text'");
    say("kubectl --kubeconfig " + platform.cluster().admin.getFile() + " get pods -A");
    Thread.currentThread().join();
  }

  private static void say(String line) {
    System.err.println("demo: " + line);
  }
}
