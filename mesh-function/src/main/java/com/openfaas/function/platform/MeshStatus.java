package com.openfaas.function.platform;

import com.google.gson.annotations.SerializedName;
import java.util.Locale;
import java.util.Objects;

/** A workload's state on the mesh, with the reason as a code and as a sentence. */
public final class MeshStatus {
  public final State state;

  /**
   * Linkerd's own reason id if it has one (linkerd2 pkg/inject/report.go); empty without a reason.
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

  /** A workload's state on the mesh, by its pods. */
  public enum State {
    /** Every ready pod has a ready proxy. */
    @SerializedName("meshed")
    MESHED,
    /** No ready pod has a ready proxy. */
    @SerializedName("unmeshed")
    UNMESHED,
    /** Some ready pods have one. */
    @SerializedName("partial")
    PARTIAL,
    /** A rollout is in progress, or did not complete. */
    @SerializedName("rolling")
    ROLLING,
    /** Meshed, but the proxy's version or trust root is not the control plane's. */
    @SerializedName("stale")
    STALE,
    /** Scaled to zero: its namespace meshes it at the next start. */
    @SerializedName("idle")
    IDLE,
    /** The operator has set {@code linkerd.io/inject: disabled}. */
    @SerializedName("optedOut")
    OPTED_OUT,
    /** Linkerd would not inject it, or it cannot be rolled out. */
    @SerializedName("unsupported")
    UNSUPPORTED;

    /** Whether its traffic is on the mesh now. */
    public boolean isMeshed() {
      return this == MESHED || this == STALE;
    }

    /** Whether a run should still change it, or wait until it settles. */
    public boolean isUnfinished() {
      return this == UNMESHED || this == PARTIAL || this == ROLLING;
    }

    /** For a sentence. */
    public String words() {
      return this == OPTED_OUT ? "opted out" : toString();
    }

    /** For reports. */
    @Override
    public String toString() {
      return this == OPTED_OUT ? "optedOut" : name().toLowerCase(Locale.ROOT);
    }
  }
}
