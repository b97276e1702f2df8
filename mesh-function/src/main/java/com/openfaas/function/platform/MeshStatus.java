package com.openfaas.function.platform;

import com.google.gson.annotations.SerializedName;
import java.util.Locale;
import java.util.Objects;

/** A workload's state on the mesh, with the reason as a code and as a sentence. */
public final class MeshStatus {
  public final State state;

  /**
   * Linkerd's own reason id where it has one (linkerd2 pkg/inject/report.go); empty: no reason due.
   */
  public final String code;

  public final String message;

  public MeshStatus(State state, String code, String message) {
    this.state = Objects.requireNonNull(state);
    this.code = Objects.requireNonNull(code);
    this.message = Objects.requireNonNull(message);
  }

  public MeshStatus(State state, Code code, String message) {
    this(state, code.toString(), message);
  }

  /** The state of a workload on the mesh, by its pods. */
  public enum State {
    /** Every ready pod has a ready proxy. */
    @SerializedName("meshed")
    MESHED,
    /** No ready pod has one. */
    @SerializedName("unmeshed")
    UNMESHED,
    /** Some have, some have not. */
    @SerializedName("partial")
    PARTIAL,
    /** A rollout is under way, or never ended. */
    @SerializedName("rolling")
    ROLLING,
    /** Meshed, by a proxy of another version or trust root than the control plane's. */
    @SerializedName("stale")
    STALE,
    /** No replicas are wanted: its namespace meshes it at the next start. */
    @SerializedName("idle")
    IDLE,
    /** Its operator has said {@code linkerd.io/inject: disabled}. */
    @SerializedName("optedOut")
    OPTED_OUT,
    /** Linkerd would not inject it, or it cannot be rolled out. */
    @SerializedName("unsupported")
    UNSUPPORTED;

    /** Whether its traffic is on the mesh now. */
    public boolean isMeshed() {
      return this == MESHED || this == STALE;
    }

    /** Whether a run should still bring it further, or wait until it is settled. */
    public boolean isUnfinished() {
      return this == UNMESHED || this == PARTIAL || this == ROLLING;
    }

    /** As a sentence says it. */
    public String words() {
      return this == OPTED_OUT ? "opted out" : toString();
    }

    /** The word used in reports. */
    @Override
    public String toString() {
      return this == OPTED_OUT ? "optedOut" : name().toLowerCase(Locale.ROOT);
    }
  }
}
