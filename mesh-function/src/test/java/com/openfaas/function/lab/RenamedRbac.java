package com.openfaas.function.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The manifests of deploy for the namespaces of one platform, as build/rbac prints them. */
final class RenamedRbac {
  private static final Path COMMAND = Path.of("..", "build", "rbac");
  private static final Set<String> USUAL = Set.of("openfaas", "openfaas-fn");

  private final String prefix;
  private final String linkerd;

  RenamedRbac(String prefix, String linkerd) {
    this.prefix = prefix;
    this.linkerd = linkerd;
  }

  String namespace(String usual) {
    return USUAL.contains(usual) ? prefix + usual : usual;
  }

  /**
   * The manifest.
   *
   * @param options more of the command
   */
  String manifest(String file, String... options) {
    List<String> command =
        new ArrayList<>(
            List.of(
                COMMAND.toString(),
                file,
                "--gateway-namespace",
                namespace("openfaas"),
                "--function-namespace",
                namespace("openfaas-fn"),
                "--linkerd-namespace",
                linkerd,
                "--prefix",
                prefix));
    command.addAll(List.of(options));
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      String yaml = new String(process.getInputStream().readAllBytes(), UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(command + " failed (it says why on standard error)");
      }
      return yaml;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while " + command + " ran", e);
    }
  }
}
