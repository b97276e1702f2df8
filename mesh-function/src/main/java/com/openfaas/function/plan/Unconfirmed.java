package com.openfaas.function.plan;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.Workload;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * A change of the gateway whose effect on calls through it is not confirmed yet. It is written with
 * the change itself, so that any process can confirm it or take it back, whatever happened to the
 * one that made it.
 */
public final class Unconfirmed {
  /** The patch that confirms a gateway's change. */
  public static final String CONFIRMED =
      "{\"metadata\":{\"annotations\":{\"" + Annotations.UNCONFIRMED + "\":null}}}";

  private static final Gson JSON =
      new GsonBuilder().serializeNulls().disableHtmlEscaping().create();
  private static final Set<String> OURS =
      Set.of(
          Annotations.INJECT,
          Annotations.SKIP_OUTBOUND_PORTS,
          Annotations.SKIP_INBOUND_PORTS,
          Annotations.RESTARTED_AT);

  public final Instant since;

  /** Whether functions, and mesh-setup itself, were reachable through the gateway before. */
  public final boolean functions;

  public final boolean self;

  /** Whether it was on the mesh before, with another proxy. */
  final boolean meshed;

  final Map<String, String> set;
  final Map<String, String> before;
  private final String record;

  Unconfirmed(
      Instant since,
      Before there,
      Map<String, String> set,
      Map<String, String> before,
      String record) {
    this.since = Objects.requireNonNull(since);
    this.functions = there.functions;
    this.self = there.self;
    this.meshed = there.meshed;
    this.set = Collections.unmodifiableMap(new TreeMap<>(set));
    this.before = Collections.unmodifiableMap(new TreeMap<>(before));
    this.record = record;
  }

  /**
   * The mark on a gateway; null if there is none, or not one of ours: only our keys are read from
   * it, with values that Linkerd knows.
   */
  public static Unconfirmed of(Workload gateway) {
    return of(gateway.object.annotations.get(Annotations.UNCONFIRMED));
  }

  static Unconfirmed of(String json) {
    try {
      Wire wire = json == null ? null : JSON.fromJson(json, Wire.class);
      return wire == null || wire.since == null || wire.set == null || wire.before == null
          ? null
          : wire.read();
    } catch (JsonParseException | DateTimeException e) {
      return null;
    }
  }

  /** Whether the gateway has such a mark. */
  public static boolean isOn(Platform platform) {
    return platform.gateway.isKnown() && of(platform.gateway.value) != null;
  }

  /** Whether anything was reachable: otherwise the rollout alone decides. */
  public boolean wasReached() {
    return functions || self;
  }

  /** The gateway's record of previous values before this change. */
  Map<String, String> recordedBefore(Annotated gateway) {
    return record == null
        ? Map.of()
        : Previous.recorded(
            new Annotated(
                gateway.kind,
                gateway.namespace,
                gateway.name,
                Map.of(Annotations.PREVIOUS, record)));
  }

  String toJson() {
    return JSON.toJson(new Wire(this));
  }

  /** The state before the change. */
  static final class Before {
    private final boolean functions;
    private final boolean self;
    private final boolean meshed;

    Before(boolean functions, boolean self, boolean meshed) {
      this.functions = functions;
      this.self = self;
      this.meshed = meshed;
    }
  }

  /** We never write a value that Linkerd does not know, nor restore one from an edited mark. */
  private static boolean isKnown(Map<String, String> values) {
    return values.entrySet().stream().allMatch(e -> Previous.isOurs(e.getKey(), e.getValue()));
  }

  /** The JSON form. */
  private static final class Wire {
    final String since;
    final boolean functions;
    final boolean self;
    final boolean meshed;
    final TreeMap<String, String> set;
    final TreeMap<String, String> before;
    final String record;

    Wire(Unconfirmed from) {
      this.since = from.since.toString();
      this.functions = from.functions;
      this.self = from.self;
      this.meshed = from.meshed;
      this.set = new TreeMap<>(from.set);
      this.before = new TreeMap<>(from.before);
      this.record = from.record;
    }

    /** Null if the values from before are missing: then there is nothing to take back. */
    Unconfirmed read() {
      Map<String, String> ours = new TreeMap<>(set);
      ours.keySet().retainAll(OURS);
      Map<String, String> theirs = new TreeMap<>(before);
      theirs.keySet().retainAll(ours.keySet());
      if (ours.isEmpty() || theirs.size() < ours.size() || !isKnown(ours) || !isKnown(theirs)) {
        return null;
      }
      Before there = new Before(functions, self, meshed);
      return new Unconfirmed(Instant.parse(since), there, ours, theirs, record);
    }
  }
}
