package com.openfaas.function.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.client.Config;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.concurrent.TimeUnit;

/** The project's own lab as a child process: it ends when its standard input does. */
final class Lab {
  private Lab() {}

  static Cluster start(Path script) throws NoClusterException {
    try {
      Process process =
          new ProcessBuilder(script.toString(), "run")
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      String kubeconfig =
          new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8)).readLine();
      if (kubeconfig == null) {
        throw new NoClusterException("the lab did not start (it says why on standard error)");
      }
      Path path = Paths.get(kubeconfig);
      return Cluster.named("lab", Config.fromKubeconfig(path.toFile()))
          .auditLog(path.resolveSibling("audit.log"))
          .processes(path.resolveSibling("pids"))
          .endedBy(() -> end(process))
          .build();
    } catch (IOException e) {
      throw new NoClusterException("the lab cannot be run: " + e.getMessage());
    }
  }

  private static void end(Process process) {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(2, TimeUnit.MINUTES)) {
        throw new IllegalStateException("the lab, process " + process.pid() + ", did not end");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
