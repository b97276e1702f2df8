package com.openfaas.function.platform;

import java.util.Objects;

/** How far a rollout is, by its own status. */
public final class Rollout {
  public final int wanted;
  public final int existing;
  public final int updated;
  public final int available;

  /** Whether the status speaks of the newest specification. */
  public final boolean observed;

  /** A change would not be rolled out: a paused Deployment, or a DaemonSet left to its operator. */
  public final boolean paused;

  private final boolean first;

  /** What the controller says against it (deadline, rejected pods); empty: nothing. */
  public final String complaint;

  public Rollout(
      int wanted,
      int existing,
      int updated,
      int available,
      boolean observed,
      boolean paused,
      String complaint) {
    this.wanted = wanted;
    this.existing = existing;
    this.updated = updated;
    this.available = available;
    this.observed = observed;
    this.paused = paused;
    this.complaint = Objects.requireNonNull(complaint);
    this.first = false;
  }

  private Rollout(Rollout from, boolean first) {
    this.wanted = from.wanted;
    this.existing = from.existing;
    this.updated = from.updated;
    this.available = from.available;
    this.observed = from.observed;
    this.paused = from.paused;
    this.complaint = from.complaint;
    this.first = first;
  }

  /**
   * The same, as its controller tells what {@code kubectl rollout status} does not.
   *
   * @param first whether the newest pod template has never been all up
   */
  public Rollout first(boolean first) {
    return new Rollout(this, first);
  }

  /** Whether the newest pod template has never been all up; false where that is not told. */
  public boolean isFirst() {
    return first;
  }

  /** As {@code kubectl rollout status} judges it. */
  public boolean isDone() {
    return observed && updated == wanted && existing == wanted && available == wanted;
  }
}
