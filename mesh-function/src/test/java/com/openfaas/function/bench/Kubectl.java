package com.openfaas.function.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The real kubectl, in the loops a user would write. */
final class Kubectl {
  private final Path kubectl;
  private final Path kubeconfig;

  Kubectl(Path kubectl, Path kubeconfig) {
    this.kubectl = kubectl;
    this.kubeconfig = kubeconfig;
  }

  /** One patch after the other, then one wait after the other. */
  void patchOneByOne(Targets targets, String patch) throws IOException, InterruptedException {
    for (var names : targets.byNamespace().entrySet()) {
      script(
          "for name; do kubectl -n \"$namespace\" patch deployment \"$name\" --type merge"
              + " -p \"$patch\" >/dev/null; done",
          Map.of("namespace", names.getKey(), "patch", patch),
          List.copyOf(names.getValue()));
    }
    awaitOneByOne(targets);
  }

  /** All at once, then one wait after the other. */
  void restart(Targets targets) throws IOException, InterruptedException {
    for (var names : targets.byNamespace().entrySet()) {
      script(
          "kubectl -n \"$namespace\" rollout restart deployment \"$@\" >/dev/null",
          Map.of("namespace", names.getKey()),
          List.copyOf(names.getValue()));
    }
    awaitOneByOne(targets);
  }

  private void awaitOneByOne(Targets targets) throws IOException, InterruptedException {
    for (var names : targets.byNamespace().entrySet()) {
      script(
          "for name; do kubectl -n \"$namespace\" rollout status deployment \"$name\""
              + " >/dev/null; done",
          Map.of("namespace", names.getKey()),
          List.copyOf(names.getValue()));
    }
  }

  private void script(String script, Map<String, String> variables, List<String> arguments)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder("bash", "-euc", script, "kubectl");
    builder.command().addAll(arguments);
    builder.environment().putAll(variables);
    builder.environment().put("KUBECONFIG", kubeconfig.toString());
    builder.environment().merge("PATH", kubectl.getParent().toString(), (a, b) -> b + ":" + a);
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException(output);
    }
  }
}
