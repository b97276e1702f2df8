package com.openfaas.function.cluster;

import com.openfaas.function.platform.Annotated;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Objects;

/** What an event tells of a change: on which object, and why. */
public final class ChangeEvent {
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  /** What an event's note may hold, by the API. */
  private static final int MAX_NOTE = 1000;

  final Annotated object;
  private final String reason;
  private final String note;
  private final boolean warning;

  public ChangeEvent(Annotated object, String reason, String note, boolean warning) {
    this.object = Objects.requireNonNull(object);
    this.reason = Objects.requireNonNull(reason);
    this.note = note.length() > MAX_NOTE ? note.substring(0, MAX_NOTE) : note;
    this.warning = warning;
  }

  /** An event about a namespace lies in that namespace, where its readers have rights. */
  Event at(Instant now) {
    return new EventBuilder()
        .withNewMetadata()
        .withGenerateName("mesh-setup-")
        .withNamespace(object.namespace)
        .endMetadata()
        .withEventTime(new MicroTime(MICROS.format(now)))
        .withReportingController("openfaas.com/mesh-setup")
        .withReportingInstance("mesh-setup")
        .withAction(reason)
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
