package com.openfaas.function.platform;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * One of Linkerd's policy objects that has the name which mesh-setup gives its own; or the place of
 * one that is not there. Its spec stands beside its annotations, under {@link #SPEC}, as JSON with
 * sorted keys: it is set, compared and taken away like one of them.
 */
public final class PolicyObject {
  /** Of the Server, the MeshTLSAuthentication and the AuthorizationPolicy of each namespace. */
  public static final String NAME = "mesh-setup";

  public static final String SPEC = "spec";
  public static final String LABEL = "app.kubernetes.io/managed-by";

  public final Annotated object;

  /** Whether it was mesh-setup that made it: anybody may write a label. */
  public final boolean isOurs;

  /** When somebody has written to it last; null where it is not there. */
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

  /** Its spec; null where it is not there. */
  public String spec() {
    return object.annotations.get(SPEC);
  }

  /** Whether somebody else has made it, or it looks so. */
  public boolean isForeign() {
    return isThere() && !isOurs;
  }
}
