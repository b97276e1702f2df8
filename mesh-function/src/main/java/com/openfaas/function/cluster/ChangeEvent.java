package com.openfaas.function.cluster;

import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.PastRun;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/** A Kubernetes Event about one change: the object, the reason, and a note. */
public final class ChangeEvent {
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private static final Pattern WORD = Pattern.compile("[A-Za-z]{1,20}");

  /** The API's limit on the length of an event's note. */
  private static final int MAX_NOTE = 1000;

  /** The reason of an event that reports a whole run. */
  static final String RUN = "MeshRun";

  private static final String CONTROLLER = "openfaas.com/mesh-setup";

  final Annotated object;
  private final String instance;
  private final String action;
  private final String reason;
  private final String note;
  private final boolean warning;

  public ChangeEvent(Annotated object, String reason, String note, boolean warning) {
    this.object = Objects.requireNonNull(object);
    this.instance = "mesh-setup";
    this.action = reason;
    this.reason = Objects.requireNonNull(reason);
    this.note = shortened(note);
    this.warning = warning;
  }

  /**
   * The result of a run.
   *
   * @param self the workload of mesh-setup
   */
  public ChangeEvent(Annotated self, PastRun run) {
    this.object = Objects.requireNonNull(self);
    this.instance = run.id;
    this.action = run.action;
    this.reason = RUN;
    this.note = shortened(run.outcome + ": " + run.headline);
    this.warning = run.failed;
  }

  private static String shortened(String note) {
    return note.length() > MAX_NOTE ? note.substring(0, MAX_NOTE) : note;
  }

  /** When it was seen last; empty if it does not say. */
  static String time(io.fabric8.kubernetes.api.model.Event event) {
    String once = event.getEventTime() == null ? null : event.getEventTime().getTime();
    String last = event.getLastTimestamp() == null ? once : event.getLastTimestamp();
    return Objects.requireNonNullElse(last, "");
  }

  /** The query that selects the events of runs. */
  static String ofRuns() {
    String fields = "reason=" + RUN + ",reportingComponent=" + CONTROLLER;
    return "?fieldSelector=" + URLEncoder.encode(fields, StandardCharsets.UTF_8);
  }

  /** The run that an event reports; empty if the event does not have the form written here. */
  static Optional<PastRun> run(io.fabric8.kubernetes.api.model.Event event) {
    String message = Objects.requireNonNullElse(event.getMessage(), "");
    String[] told = message.split(": ", 2);
    boolean whole =
        told.length == 2
            && WORD.matcher(told[0]).matches()
            && event.getAction() != null
            && WORD.matcher(event.getAction()).matches()
            && event.getReportingInstance() != null
            && event.getEventTime() != null;
    if (!whole) {
      return Optional.empty();
    }
    return Optional.of(
        new PastRun(
            event.getReportingInstance(),
            event.getAction(),
            told[0],
            told[1],
            "Warning".equals(event.getType()),
            Instant.parse(event.getEventTime().getTime())));
  }

  /** An event about a namespace is created in that namespace, where its readers have rights. */
  Event at(Instant now) {
    return new EventBuilder()
        .withNewMetadata()
        .withGenerateName("mesh-setup-")
        .withNamespace(object.namespace)
        .endMetadata()
        .withEventTime(new MicroTime(MICROS.format(now)))
        .withReportingController(CONTROLLER)
        .withReportingInstance(instance)
        .withAction(action)
        .withReason(reason)
        .withType(warning ? "Warning" : "Normal")
        .withRegarding(
            new ObjectReferenceBuilder()
                .withApiVersion(object.kind.apiVersion())
                .withKind(object.kind.toString())
                .withNamespace(object.namespace)
                .withName(object.name)
                .build())
        .withNote(note)
        .build();
  }
}
