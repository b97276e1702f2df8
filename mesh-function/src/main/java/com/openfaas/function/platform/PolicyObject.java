package com.openfaas.function.platform;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * A policy object of Linkerd's with the name that mesh-setup uses, or a placeholder for an absent
 * one. Its spec is kept with its annotations, under {@link #SPEC}, as JSON with sorted keys: it is
 * set, compared and removed like one of them.
 */
public final class PolicyObject {
  /** The name of each namespace's Server, MeshTLSAuthentication and AuthorizationPolicy. */
  public static final String NAME = "mesh-setup";

  public static final String SPEC = "spec";
  public static final String LABEL = "app.kubernetes.io/managed-by";

  public final Annotated object;

  /** Whether mesh-setup created it: the label alone proves nothing. */
  public final boolean isOurs;

  /** The time of the last write by anyone; null if it is absent. */
  public final Instant changed;

  public PolicyObject(Annotated object, boolean isOurs, Instant changed) {
    this.object = Objects.requireNonNull(object);
    this.isOurs = isOurs;
    this.changed = changed;
  }

  static PolicyObject absent(Kind kind, String namespace) {
    Annotated nothing = new Annotated(kind, namespace, NAME, Map.of());
    return new PolicyObject(nothing, false, null);
  }

  public boolean isThere() {
    return changed != null;
  }

  /** Its spec; null if it is absent. */
  public String spec() {
    return object.annotations.get(SPEC);
  }

  /** Whether somebody else created it, or seems to have. */
  public boolean isForeign() {
    return isThere() && !isOurs;
  }
}
