package com.openfaas.function.report;

import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.Istio;
import com.openfaas.function.platform.NamespaceView;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.report.Finding.Severity;
import com.openfaas.function.request.Action;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The parts of a hint: words, and commands to paste. A command starts a hint or follows ": ", "; ",
 * ", ", "or" or "then", and ends with the hint or at "; ".
 */
public final class HintLines {
  /** Starts a hint with objects to apply. Quoted, so that the shell expands nothing in them. */
  static final String APPLY = "kubectl apply -f - <<'EOF'\n";

  /** Starts a hint with a patch to commit where an object comes from. */
  static final String COMMIT = "commit this patch at the source of ";

  private static final String END = "EOF";

  private static final String START = "(?:^|(?<=[:;,] )|(?<= or )|(?<= then ))";

  /** The placeholder for a command, see {@link Problem#hint}. */
  private static final String INVOKE =
      "invoke (?:(again|status|plan|verify|apply|refresh|revert)|(\\{[^']*}))(?=$|; )";

  private static final Pattern INVOKED = Pattern.compile(START + INVOKE);

  private static final Pattern COMMAND =
      Pattern.compile(
          START
              + "(?:(?:kubectl|faas-cli|helm|step|oc) [-a-z]"
              + "|echo (?:-n|'|[a-z]+ \\|)"
              + "|linkerd (?:-L|authz|check|diagnostics|install|uninject|upgrade|viz)\\b|"
              + INVOKE
              + ")");

  private static final Pattern LOGS = Pattern.compile("faas-cli logs mesh-setup(?=$|; )");

  private HintLines() {}

  /** The hint with its commands written out for this platform, ready to paste. */
  static String written(RunRecord record, String hint) {
    String named = LOGS.matcher(hint).replaceAll("faas-cli logs " + record.own());
    return INVOKED
        .matcher(named)
        .replaceAll(
            invoked ->
                Matcher.quoteReplacement(
                    invoked.group(1) == null
                        ? "echo '" + invoked.group(2) + "' | faas-cli invoke " + record.own()
                        : record.command(action(record, invoked.group(1)))));
  }

  private static Action action(RunRecord record, String word) {
    return word.equals("again")
        ? record.invocation.action
        : Action.valueOf(word.toUpperCase(Locale.ROOT));
  }

  static String applying(String objects) {
    return APPLY + objects + END;
  }

  static String committing(String subject, String patch) {
    return COMMIT
        + subject
        + " (Kustomize: patches; all of them: plan with format=patch; helm: --post-renderer), or"
        + " have its annotations ignored there:\n"
        + patch.stripTrailing();
  }

  /** At least one part. */
  public static List<Part> of(String hint) {
    if (hint.startsWith(APPLY)) {
      return List.of(new Part(true, hint));
    }
    int end = hint.startsWith(COMMIT) ? hint.indexOf('\n') : -1;
    if (end >= 0) {
      return List.of(
          new Part(false, hint.substring(0, end)), new Part(true, hint.substring(end + 1)));
    }
    return ofLine(Terminal.plain(hint));
  }

  private static List<Part> ofLine(String hint) {
    List<Part> parts = new ArrayList<>();
    Matcher command = COMMAND.matcher(hint);
    int at = 0;
    while (command.find(at)) {
      addWords(parts, hint.substring(at, command.start()));
      at = end(hint, command.start());
      parts.add(new Part(true, hint.substring(command.start(), at)));
    }
    addWords(parts, hint.substring(at));
    return parts.isEmpty() ? List.of(new Part(false, "")) : List.copyOf(parts);
  }

  private static void addWords(List<Part> parts, String words) {
    String plain = words.replaceFirst("^[;,] ", "").replaceFirst("[;,]? ?$", "");
    if (!plain.isEmpty()) {
      parts.add(new Part(false, plain));
    }
  }

  /** Where a command ends: before a semicolon or comma and a blank, but not inside quotes. */
  private static int end(String hint, int start) {
    char quote = 0;
    for (int i = start; i < hint.length(); i++) {
      char c = hint.charAt(i);
      if (quote == 0 && (hint.startsWith("; ", i) || hint.startsWith(", ", i))) {
        return i;
      }
      boolean turns = c == '\'' || c == '"';
      quote = !turns ? quote : quote == 0 ? c : quote == c ? 0 : quote;
    }
    return hint.length();
  }

  /** Several parts as one sentence; without a full stop after a command, which may be pasted. */
  static String sentence(List<String> parts) {
    String whole =
        parts.get(0)
            + parts.stream()
                .skip(1)
                .map(part -> "; " + Character.toLowerCase(part.charAt(0)) + part.substring(1))
                .collect(Collectors.joining());
    List<Part> read = of(whole);
    return whole + (read.get(read.size() - 1).pasted ? "" : ".");
  }

  /** What the findings advise, except notes: certificates first, then those with a command. */
  static List<String> advice(List<Finding> findings) {
    return findings.stream()
        .filter(finding -> finding.severity != Severity.INFO)
        .sorted(
            Comparator.comparing((Finding finding) -> finding.severity)
                .thenComparing(finding -> !Headline.isExpiry(finding))
                .thenComparing(finding -> of(finding.hint).stream().noneMatch(part -> part.pasted)))
        .map(HintLines::advice)
        .collect(Collectors.toList());
  }

  private static String advice(Finding finding) {
    return advice(new Problem(finding.code, finding.subject, finding.message, finding.hint));
  }

  /** What to do about it, within a sentence, which has no room for an object to apply. */
  static String advice(Problem problem) {
    boolean object = problem.hint.startsWith(APPLY) || problem.hint.startsWith(COMMIT);
    return problem.subject
        + ": "
        + (object ? "the finding " + problem.code + " has what to apply" : problem.hint);
  }

  /** Words, or a command or an object to be kept verbatim. */
  public static final class Part {
    public final boolean pasted;
    public final String words;

    Part(boolean pasted, String words) {
      this.pasted = pasted;
      this.words = words;
    }
  }

  /** What to do about a workload that Linkerd cannot mesh, by its reason code. */
  static String ofUnsupported(Workload workload, NamespaceView namespace, String code) {
    switch (Code.of(code)) {
      case SIDECAR_ALREADY_EXISTS:
        return Istio.of(workload)
            .map(problem -> problem.hint)
            .orElse(
                "remove the container "
                    + (workload.template.hasContainer(Annotations.PROXY_CONTAINER)
                        ? "linkerd-proxy from its pod template: linkerd uninject"
                        : Istio.PROXY_CONTAINER
                            + " from its pod template, where istioctl kube-inject added it"));
      case WEBHOOK_EXCLUDES_NAMESPACE:
        return namespace.howToAdmit();
      case DEPLOYMENT_PAUSED:
        return kubectl(workload, " rollout resume ", "");
      case INVALID_INJECT_ANNOTATION_AT_WORKLOAD:
      case INVALID_INJECT_ANNOTATION_AT_NS:
        return "set it to enabled or disabled: "
            + (Code.INVALID_INJECT_ANNOTATION_AT_NS.is(code)
                ? "kubectl annotate namespace "
                    + namespace.name
                    + " --overwrite linkerd.io/inject=enabled"
                : inject(workload, Annotations.ENABLED));
      case NAMESPACE_TERMINATING:
        return "nothing to do";
      case UPDATE_STRATEGY_ON_DELETE:
        return kubectl(
            workload,
            " patch ",
            " -p '{\"spec\":{\"updateStrategy\":{\"type\":\"RollingUpdate\"}}}'");
      default:
        return "Linkerd cannot mesh it as it is; to opt it out: "
            + inject(workload, Annotations.DISABLED);
    }
  }

  private static String kubectl(Workload workload, String verb, String rest) {
    String named = workload.object.kind.word() + " " + workload.name;
    return "kubectl -n " + workload.namespace + verb + named + rest;
  }

  private static String inject(Workload workload, String value) {
    return workload.object.templatePatch("annotations", Map.of(Annotations.INJECT, value));
  }
}
