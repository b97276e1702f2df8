package com.openfaas.function.lab;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/** What mesh-setup's account asked of the API server, by the API server's own audit log. */
public final class AuditLog {
  private static final Set<String> WRITES = Set.of("create", "update", "patch", "delete");

  private final TestPlatform platform;
  private final Path log;
  private int mark;

  /** Starts with what is asked from now on. */
  public AuditLog(TestPlatform platform) {
    this.platform = platform;
    this.log =
        platform
            .cluster()
            .auditLog
            .orElseGet(() -> Assumptions.abort("this cluster keeps no audit log"));
    forget();
  }

  /** What was asked so far does not count. */
  public void forget() {
    mark = flushed().size();
  }

  /** Each request since the mark, in the order in which they were answered. */
  public List<Request> requests() {
    List<String> lines = flushed();
    return lines.subList(mark, lines.size()).stream()
        .map(line -> JsonParser.parseString(line).getAsJsonObject())
        .filter(event -> user(event).endsWith(platform.functions() + ":mesh-setup"))
        .map(Request::new)
        .collect(Collectors.toList());
  }

  /** What would be stored: neither dry runs, nor questions that are asked by creating a review. */
  public List<String> writes() {
    return requests().stream()
        .filter(request -> WRITES.contains(request.verb))
        .filter(request -> !request.dryRun && !request.resource.startsWith("selfsubject"))
        .map(Request::toString)
        .collect(Collectors.toList());
  }

  /**
   * The changes of objects among the writes: not the lease, nor the events that tell of changes.
   */
  public List<String> patches() {
    return writes().stream().filter(w -> w.startsWith("patch")).collect(Collectors.toList());
  }

  /** The log is written a little behind; a request of our own tells when it has come so far. */
  private List<String> flushed() {
    String beacon = "beacon-" + UUID.randomUUID();
    ask(beacon);
    return Awaitility.await("the audit log")
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20))
        .until(this::lines, lines -> lines.stream().anyMatch(line -> line.contains(beacon)))
        .stream()
        .filter(line -> !line.contains("beacon-"))
        .collect(Collectors.toList());
  }

  /** A question that anybody may ask, and that changes nothing. */
  private void ask(String beacon) {
    try (KubernetesClient client = platform.account().client()) {
      var review =
          new SelfSubjectAccessReviewBuilder()
              .withNewSpec()
              .withNewResourceAttributes()
              .withName(beacon)
              .endResourceAttributes()
              .endSpec()
              .build();
      client.authorization().v1().selfSubjectAccessReview().create(review);
    }
  }

  private List<String> lines() {
    try {
      // The last line may be half written, within a character even; it has no end yet.
      String text = new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
      return text.substring(0, text.lastIndexOf('\n') + 1).lines().collect(Collectors.toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String user(JsonObject event) {
    return event.getAsJsonObject("user").get("username").getAsString();
  }

  /** One request. */
  public static final class Request {
    public final String verb;
    public final String resource;
    public final String name;
    public final boolean dryRun;

    Request(JsonObject event) {
      JsonObject object = event.getAsJsonObject("objectRef");
      this.verb = event.get("verb").getAsString();
      this.resource = object.get("resource").getAsString();
      this.name = object.has("name") ? object.get("name").getAsString() : "";
      this.dryRun = event.get("requestURI").getAsString().contains("dryRun=All");
    }

    @Override
    public String toString() {
      return verb + " " + resource + (name.isEmpty() ? "" : "/" + name);
    }
  }
}
