package com.openfaas.function.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** mesh-setup's account, with a way of its own to the API server. */
final class ProxiedAccount implements AutoCloseable {
  private final Map<String, String> environment;
  private final Path secrets;

  /**
   * @param real the environment that leads to the API server itself
   * @param server where the way to it begins instead
   * @param ca whom to trust there, as PEM
   */
  ProxiedAccount(Map<String, String> real, InetSocketAddress server, String ca) throws IOException {
    Path account = Paths.get(real.get("secret_mount_path"));
    secrets = Files.createTempDirectory("mesh-setup-secrets");
    Files.copy(account.resolve("token"), secrets.resolve("token"));
    Files.copy(account.resolve("namespace"), secrets.resolve("namespace"));
    Files.writeString(secrets.resolve("ca.crt"), ca);
    environment = new HashMap<>(real);
    environment.put("KUBERNETES_SERVICE_HOST", server.getAddress().getHostAddress());
    environment.put("KUBERNETES_SERVICE_PORT", String.valueOf(server.getPort()));
    environment.put("secret_mount_path", secrets.toString());
  }

  Map<String, String> environment() {
    return Map.copyOf(environment);
  }

  String token() {
    try {
      return Files.readString(secrets.resolve("token"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** At once and whole, as the kubelet does. */
  void token(String token) {
    try {
      Path next = Files.writeString(secrets.resolve("token.next"), token);
      Files.move(next, secrets.resolve("token"), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    for (String name : List.of("token", "ca.crt", "namespace")) {
      Files.delete(secrets.resolve(name));
    }
    // A test may have put the operator's key beside them.
    Files.deleteIfExists(secrets.resolve("mesh-setup-key"));
    Files.delete(secrets);
  }
}
