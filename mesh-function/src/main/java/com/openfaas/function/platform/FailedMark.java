package com.openfaas.function.platform;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * The mark on a workload that did not come up on the mesh and was rolled back, or on an object
 * whose change was refused: it keeps runs from a retry that would fail again. The object's owner
 * can write it, so it decides about that object alone.
 */
public final class FailedMark {
  /** How long it holds at most: the cause may be gone by then. */
  public static final Duration LENGTH = Duration.ofDays(1);

  /** The longest reason; an annotation of more than 4096 characters is not read. */
  private static final int LONGEST = 600;

  private static final Gson JSON = new GsonBuilder().disableHtmlEscaping().create();

  /** By the API server's clock. */
  public final Instant time;

  /** In the pod's own words, if there were any. */
  public final String reason;

  /** Whether we set {@code linkerd.io/inject: disabled} on its pod template. */
  public final boolean disabled;

  private final String template;
  private final String proxy;

  private FailedMark(Instant time, String reason, String template, String proxy, boolean disabled) {
    this.time = Objects.requireNonNull(time);
    this.reason = Objects.requireNonNull(reason);
    this.template = Objects.requireNonNull(template);
    this.proxy = Objects.requireNonNull(proxy);
    this.disabled = disabled;
  }

  /**
   * For a workload that is rolled back.
   *
   * @param restored the pod template's annotations set by that; null removes
   * @param proxy the version its proxies would have
   */
  public static FailedMark of(
      Workload workload, Map<String, String> restored, String proxy, Instant time, String reason) {
    return new FailedMark(
        time,
        shortened(reason),
        workload.template.hash(restored),
        proxy,
        Annotations.DISABLED.equals(restored.get(Annotations.INJECT)));
  }

  /**
   * For an object without pods of its own.
   *
   * @param tried what was to be set on it
   */
  public static FailedMark of(Map<String, String> tried, Instant time, String reason) {
    return new FailedMark(time, shortened(reason), hash(tried), "", false);
  }

  private static String hash(Map<String, String> tried) {
    return Integer.toHexString(tried.hashCode());
  }

  private static String shortened(String reason) {
    int length = Math.min(LONGEST, reason.codePointCount(0, reason.length()));
    return reason.substring(0, reason.offsetByCodePoints(0, length));
  }

  /** The mark on an object; null if there is none, or it does not have our form. */
  public static FailedMark on(Annotated object) {
    try {
      Wire read = JSON.fromJson(object.annotations.get(Annotations.FAILED), Wire.class);
      boolean whole =
          read != null
              && read.time != null
              && read.reason != null
              && read.template != null
              && read.proxy != null;
      return whole ? read.mark() : null;
    } catch (JsonParseException | DateTimeException e) {
      return null;
    }
  }

  /** Whether we, not the owner, set {@code linkerd.io/inject: disabled} on the pod template. */
  public static boolean isDisabledByUs(Workload workload) {
    FailedMark mark = on(workload.object);
    return mark != null && mark.disabled && Annotations.DISABLED.equals(workload.template.inject());
  }

  /** The command with which the owner opts an object out permanently. */
  public static String optOut(Annotated object) {
    return "kubectl -n "
        + object.namespace
        + " patch "
        + object.kind.word()
        + " "
        + object.name
        + " --type=merge -p '{\"metadata\":{\"annotations\":{\""
        + Annotations.FAILED
        + "\":null}},\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\""
        + Annotations.INJECT
        + "\":\"disabled\"}}}}}'";
  }

  /** What is wrong with the mark; null if nothing is, or there is none. */
  public static Problem doubt(Annotated object) {
    if (!object.annotations.containsKey(Annotations.FAILED) || on(object) != null) {
      return null;
    }
    return new Problem(
        Code.MARK_UNUSABLE,
        object.subject(),
        "its annotation " + Annotations.FAILED + " was edited and cannot be read: it is ignored",
        "kubectl -n "
            + object.namespace
            + " annotate "
            + object.kind.word()
            + " "
            + object.name
            + " "
            + Annotations.FAILED
            + "-");
  }

  /**
   * Whether a retry would be the same, and too soon. A time in the future is not ours.
   *
   * @param proxy the version its proxies would have now
   */
  public boolean holds(Workload workload, String proxy, Instant now) {
    return template.equals(workload.template.hash(Map.of()))
        && this.proxy.equals(proxy)
        && isOfToday(now);
  }

  /**
   * The same for an object without pods: any later write may have removed the cause.
   *
   * @param toSet what is to be set on it now
   */
  public boolean holds(Annotated object, Map<String, String> toSet, Instant now) {
    return object.isLastOurs && template.equals(hash(toSet)) && isOfToday(now);
  }

  private boolean isOfToday(Instant now) {
    return !time.isAfter(now) && time.plus(LENGTH).isAfter(now);
  }

  /** The reason and the time, for messages. */
  String told() {
    return "rolled back at " + time + ": " + reason;
  }

  /** The problem while a retry is not due, with what makes it due. */
  public static Problem problem(Annotated object) {
    FailedMark mark = on(object);
    boolean pods = object.kind == Kind.DEPLOYMENT || object.kind == Kind.DAEMON_SET;
    return new Problem(
        Code.FAILED_BEFORE,
        object.subject(),
        (pods ? mark.told() : "refused at " + mark.time + ": " + mark.reason)
            + "; it is not tried again before "
            + mark.time.plus(LENGTH)
            + (pods
                ? ", unless its pod template or the proxies' version changes"
                : ", unless somebody changes it"),
        "kubectl -n "
            + object.namespace
            + " describe "
            + object.kind.word()
            + " "
            + object.name
            + "; to try it again: invoke refresh"
            + (pods ? "; to opt it out: " + optOut(object) : ""));
  }

  /** The same mark, but a retry is due: the cause was not the workload's own. */
  public FailedMark released() {
    return new FailedMark(time, reason, "", proxy, disabled);
  }

  /** The annotation's value. */
  public String toJson() {
    return JSON.toJson(new Wire(this));
  }

  /** The JSON form. */
  private static final class Wire {
    final String time;
    final String reason;
    final String template;
    final String proxy;
    final boolean disabled;

    Wire(FailedMark from) {
      this.time = from.time.toString();
      this.reason = from.reason;
      this.template = from.template;
      this.proxy = from.proxy;
      this.disabled = from.disabled;
    }

    FailedMark mark() {
      return new FailedMark(Instant.parse(time), reason, template, proxy, disabled);
    }
  }
}
