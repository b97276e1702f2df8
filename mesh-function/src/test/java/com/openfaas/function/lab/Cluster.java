package com.openfaas.function.lab;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Assumptions;

/** A cluster to test on: how to be its administrator, and how it reaches a server of this JVM. */
public final class Cluster implements AutoCloseable {
  /** What it is, in a word, for messages. */
  public final String name;

  public final Config admin;

  /** The host name under which the API server reaches a server that listens on 127.0.0.1 here. */
  public final String testHost;

  /** The API server's audit log, where the cluster keeps one: each request of an account a line. */
  public final Optional<Path> auditLog;

  /** Where the cluster's processes on this machine have their ids, each in a file of its name. */
  private final Path processes;

  private final IntConsumer exposePort;
  private final Runnable end;

  private Cluster(Builder builder) {
    this.name = builder.name;
    this.admin = builder.admin;
    this.testHost = builder.testHost;
    this.auditLog = Optional.ofNullable(builder.auditLog);
    this.processes = builder.processes;
    this.exposePort = builder.exposePort;
    this.end = builder.end;
  }

  public static Builder named(String name, Config admin) {
    return new Builder(name, admin);
  }

  /**
   * A client that does not retry: a test is to see at once what the API server says. On a busy
   * machine that may take longer than the ten seconds that are the client's default.
   */
  public KubernetesClient client() {
    Config once =
        new ConfigBuilder(admin)
            .withRequestRetryBackoffLimit(0)
            .withRequestTimeout((int) TimeUnit.MINUTES.toMillis(2))
            .build();
    return new KubernetesClientBuilder().withConfig(once).build();
  }

  /** Stops its API server, until what is returned is closed; skips the test where it cannot. */
  public PausedProcess stopApiServer() {
    Assumptions.assumeTrue(processes != null, "only the lab's API server is a process of ours");
    try {
      String id = Files.readString(processes.resolve("kube-apiserver.pid"));
      return PausedProcess.stopped(Long.parseLong(id.trim()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lets the API server reach a port of this machine. */
  public void expose(int port) {
    exposePort.accept(port);
  }

  @Override
  public void close() {
    end.run();
  }

  /** The parts of a cluster that not every cluster has. */
  public static final class Builder {
    private final String name;
    private final Config admin;
    private String testHost = "127.0.0.1";
    private Path auditLog;
    private Path processes;
    private IntConsumer exposePort = port -> {};
    private Runnable end = () -> {};

    private Builder(String name, Config admin) {
      this.name = name;
      this.admin = admin;
    }

    public Builder reachedAt(String testHost, IntConsumer exposePort) {
      this.testHost = testHost;
      this.exposePort = exposePort;
      return this;
    }

    public Builder auditLog(Path auditLog) {
      this.auditLog = auditLog;
      return this;
    }

    public Builder processes(Path processes) {
      this.processes = processes;
      return this;
    }

    public Builder endedBy(Runnable end) {
      this.end = end;
      return this;
    }

    public Cluster build() {
      return new Cluster(this);
    }
  }
}
