package com.openfaas.function.request;

import com.openfaas.function.request.Answering.Format;
import com.openfaas.function.request.Asked.Option;
import com.openfaas.function.request.Invocation.Part;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Reads a whole request before judging it, so that the caller gets all faults at once. */
public final class RequestReader {
  /** A larger body is answered 413. */
  public static final int MAX_BODY_BYTES = 64 * 1024;

  /** Default width of a text answer, in columns. */
  static final int COLUMNS = 80;

  private static final int FEWEST_COLUMNS = 40;
  private static final int MOST_COLUMNS = 1000;
  private static final Set<String> KNOWN =
      new TreeSet<>(List.of("action", "only", "functions", "budget", "format", "width", "at"));
  private static final String LABEL = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";

  private final int maxBudgetSeconds;
  private final Signing signing;

  /**
   * A reader of requests.
   *
   * @param maxBudgetSeconds the policy's budget: a caller can lower it, never raise it
   */
  public RequestReader(int maxBudgetSeconds, Signing signing) {
    this.maxBudgetSeconds = maxBudgetSeconds;
    this.signing = signing;
  }

  /** Returns the invocation, or throws with all faults. */
  public Invocation read(Asked asked) throws BadRequestException {
    refuseLargeBody(asked);
    String method = method(asked);
    if (!Set.of("GET", "HEAD", "POST").contains(method)) {
      throw notAllowed(
          Asked.quoted(method) + " is not a method of this function", "GET, HEAD, POST");
    }
    List<String> faults = new ArrayList<>(asked.faults);
    for (String name : asked.byName.keySet()) {
      if (!KNOWN.contains(name)) {
        faults.add(Asked.quoted(name) + ": no such option; there are " + String.join(", ", KNOWN));
      }
    }
    boolean post = method.equals("POST");
    Action action = action(asked.byName, post ? Action.APPLY : Action.STATUS, faults);
    Set<Part> only = only(asked.byName, faults);
    List<String> functions = functions(asked.byName, faults);
    int budget = budget(asked.byName, faults);
    format(asked.byName, action, faults);
    width(asked.byName.get("width"), faults);
    at(asked.byName, faults);
    if (!faults.isEmpty()) {
      throw new BadRequestException(400, faults);
    }
    if (action.writes() && !post) {
      throw notAllowed(action + " writes, so it must be a POST", "POST");
    }
    Instant signedAt = signing.require(action, asked);
    return new Invocation(action, only, functions, budget, signedAt);
  }

  /** Our template's entrypoint passes the method; the upstream one does not. */
  private static String method(Asked asked) {
    String told = asked.header("X-Http-Method");
    if (told != null) {
      return told;
    }
    boolean empty = asked.body.trim().isEmpty();
    boolean browser = new Answering.Accept(asked.header("Accept")).preferred() == Format.HTML;
    return empty && browser ? "GET" : "POST";
  }

  private static void refuseLargeBody(Asked asked) throws BadRequestException {
    if (asked.isTooLong()) {
      throw new BadRequestException(413, List.of("body: more than " + MAX_BODY_BYTES + " bytes"));
    }
  }

  private static BadRequestException notAllowed(String fault, String allow) {
    return new BadRequestException(405, List.of(fault), Map.of("Allow", allow));
  }

  private static Action action(Map<String, Option> options, Action otherwise, List<String> faults) {
    Option option = options.get(Asked.ACTION);
    if (option == null) {
      return otherwise;
    }
    Action action = one(Action.values(), option.asText());
    if (action == null) {
      faults.add("action: one of " + names(Action.values()));
    }
    return action == null ? otherwise : action;
  }

  /** Judged by {@link Signing} if a signature is required; otherwise it only has to be a time. */
  private static void at(Map<String, Option> options, List<String> faults) {
    Option option = options.get("at");
    if (option != null && option.asTime() == null) {
      faults.add("at: the time in RFC 3339, as 2026-01-31T12:00:00Z");
    }
  }

  private static void format(Map<String, Option> options, Action action, List<String> faults) {
    Option option = options.get("format");
    Format format = option == null ? Format.JSON : one(Format.values(), option.asText());
    if (format == null) {
      faults.add("format: one of " + names(Format.values()));
    }
    if (format == Format.METRICS && action != Action.STATUS && action != Action.VERIFY) {
      faults.add("format: metrics are those of status and verify, not of " + action);
    }
    if (format == Format.PATCH && action != Action.PLAN) {
      faults.add("format: the patch is that of plan, not of " + action);
    }
  }

  private static void width(Option option, List<String> faults) {
    if (option != null && columns(option) == null) {
      faults.add("width: columns of a text, from " + FEWEST_COLUMNS + " to " + MOST_COLUMNS);
    }
  }

  /** Null if the option is missing or out of range. */
  static Integer columns(Option option) {
    Integer columns = option == null ? null : option.asCount();
    boolean fits = columns != null && columns >= FEWEST_COLUMNS && columns <= MOST_COLUMNS;
    return fits ? columns : null;
  }

  private static Set<Part> only(Map<String, Option> options, List<String> faults) {
    Set<Part> parts = EnumSet.noneOf(Part.class);
    for (String name : texts(options, "only", faults)) {
      Part part = one(Part.values(), name);
      if (part == null) {
        faults.add("only: " + Asked.quoted(name) + " is none of " + names(Part.values()));
      } else {
        parts.add(part);
      }
    }
    return parts;
  }

  private static List<String> functions(Map<String, Option> options, List<String> faults) {
    List<String> names = texts(options, "functions", faults);
    for (String name : names) {
      if (!name.matches(LABEL + "(\\." + LABEL + ")?")) {
        faults.add("functions: " + Asked.quoted(name) + " is not NAME or NAME.NAMESPACE");
      }
    }
    return names;
  }

  private static List<String> texts(Map<String, Option> options, String name, List<String> faults) {
    Option option = options.get(name);
    if (option == null) {
      return List.of();
    }
    List<String> texts = option.asTexts();
    if (texts == null || texts.isEmpty()) {
      faults.add(name + ": expected a list of names");
      return List.of();
    }
    return texts;
  }

  private int budget(Map<String, Option> options, List<String> faults) {
    Option option = options.get("budget");
    if (option == null) {
      return maxBudgetSeconds;
    }
    Integer seconds = option.asCount();
    if (seconds == null || seconds > maxBudgetSeconds) {
      faults.add("budget: whole seconds from 1 to " + maxBudgetSeconds);
      return maxBudgetSeconds;
    }
    return seconds;
  }

  private static <E extends Enum<E>> E one(E[] values, String name) {
    return Arrays.stream(values).filter(v -> v.toString().equals(name)).findFirst().orElse(null);
  }

  private static String names(Object[] values) {
    return Arrays.stream(values).map(Object::toString).collect(Collectors.joining(", "));
  }
}
