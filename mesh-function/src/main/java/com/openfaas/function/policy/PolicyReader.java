package com.openfaas.function.policy;

import com.openfaas.function.policy.Policy.Ingress;
import com.openfaas.function.policy.Policy.Protect;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the policy from an environment. An unknown variable {@code mesh_*} is a fault: a misspelt
 * or not yet existing safety setting must not seem to be in force.
 */
public final class PolicyReader {
  private static final Set<String> KNOWN =
      new TreeSet<>(
          List.of(
              "gateway_url",
              "mesh_gateway",
              "mesh_namespaces",
              "mesh_core",
              "mesh_skip_outbound_ports",
              "mesh_ingress",
              "mesh_ingress_controller",
              "mesh_ingress_snippet",
              "mesh_ingress_skip_inbound_ports",
              "mesh_retries",
              "mesh_timeout",
              "mesh_parallel",
              "mesh_budget",
              "mesh_run_limit",
              "mesh_patience",
              "mesh_protect",
              "mesh_callers",
              "mesh_require_signature"));
  private static final String LABEL = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";
  private static final String ACCOUNT = LABEL + "/" + LABEL + "(\\." + LABEL + ")*";
  private static final String PORTS = "\\d{1,5}(-\\d{1,5})?(,\\d{1,5}(-\\d{1,5})?)*";

  /** The values of retry.linkerd.io/http in https://linkerd.io/2-edge/reference/retries/. */
  private static final String RETRIES =
      "(5xx|gateway-error|[1-5]\\d\\d(-[1-5]\\d\\d)?)(,(5xx|gateway-error|[1-5]\\d\\d(-[1-5]\\d\\d)?))*";

  private static final String AMOUNT =
      "(\\d{1,9}(?:\\.\\d{0,9})?|\\.\\d{1,9})(ns|us|\u00b5s|\u03bcs|ms|s|m|h)";
  private static final Pattern AMOUNTS = Pattern.compile(AMOUNT);

  /** of-watchdog's default if exec_timeout is not set. */
  private static final Duration DEFAULT_EXEC_TIMEOUT = Duration.ofSeconds(30);

  /** Zero disables the watchdog's limit; the gateway's own, a minute by default, remains. */
  private static final int GATEWAY_TIMEOUT_SECONDS = 60;

  /** The time that must remain after the run for the answer to get out. */
  private static final int MARGIN_SECONDS = 5;

  String[] gateway = {"openfaas", "gateway"};
  List<String> namespaces = List.of();
  List<String> core = List.of("queue-worker");
  boolean coreNamed;
  String skipOutboundPorts = "";
  String apiServerPort = "";
  Ingress ingress = Ingress.DETECT;
  String ingressController = "";
  boolean ingressSnippet;
  String ingressSkipInboundPorts = "";
  final Map<String, String> serviceAnnotations = new TreeMap<>();
  int parallel = 64;
  int budgetSeconds;
  Duration patience = Duration.ofMinutes(2);
  Duration runLimit = Duration.ofMinutes(15);
  URI gatewayUrl;
  Protect protect = Protect.OFF;
  List<String> callers = List.of();
  boolean signedApply;

  private final Map<String, String> environment;
  private final List<String> faults = new ArrayList<>();

  private PolicyReader(Map<String, String> environment) {
    this.environment = environment;
  }

  /** Returns the policy; its exception has all faults. */
  public static Policy read(Map<String, String> environment) throws PolicyException {
    PolicyReader reader = new PolicyReader(environment);
    reader.readAll();
    if (!reader.faults.isEmpty()) {
      throw new PolicyException(reader.faults);
    }
    return new Policy(reader);
  }

  private void readAll() {
    for (String name : new TreeSet<>(environment.keySet())) {
      if (name.startsWith("mesh_") && !KNOWN.contains(name)) {
        faults.add(name + ": no such setting; there are " + String.join(", ", KNOWN));
      }
    }
    readGateway();
    readGatewayUrl();
    namespaces = names("mesh_namespaces", namespaces, LABEL, "names");
    coreNamed = value("mesh_core") != null;
    core = names("mesh_core", core, LABEL, "names");
    skipOutboundPorts = ports("mesh_skip_outbound_ports", "4222");
    apiServerPort = environment.getOrDefault("KUBERNETES_SERVICE_PORT", "");
    readIngress();
    text("mesh_retries", RETRIES, "5xx, gateway-error, codes or ranges, separated by commas")
        .ifPresent(value -> serviceAnnotations.put("retry.linkerd.io/http", value));
    text("mesh_timeout", "[1-9]\\d{0,5}(ms|s|m)", "a duration as 500ms, 10s or 1m")
        .ifPresent(value -> serviceAnnotations.put("timeout.linkerd.io/request", value));
    text("mesh_protect", "off|audit|enforce", "off, audit or enforce")
        .ifPresent(value -> protect = Protect.valueOf(value.toUpperCase(Locale.ROOT)));
    callers = names("mesh_callers", callers, ACCOUNT, "NAMESPACE/ACCOUNT");
    parallel = count("mesh_parallel", parallel, 1, 256);
    readBudget();
    signedApply = text("mesh_require_signature", "all", "all, or nothing").isPresent();
  }

  private void readGateway() {
    String value = value("mesh_gateway");
    if (value != null && value.matches(LABEL + "/" + LABEL)) {
      gateway = value.split("/");
    } else if (value != null) {
      fault("mesh_gateway", "NAMESPACE/NAME");
    }
  }

  /** The default is the chart's Service, whatever name the gateway's Deployment has. */
  private void readGatewayUrl() {
    String value = value("gateway_url");
    String otherwise = "http://gateway." + gateway[0] + ":8080";
    boolean valid = value == null || Policy.isHttp(value);
    if (!valid) {
      fault("gateway_url", "an http or https URL without user, query and fragment");
    }
    gatewayUrl = URI.create(value == null || !valid ? otherwise : value.replaceAll("/+$", ""));
  }

  private List<String> names(String name, List<String> otherwise, String form, String expected) {
    String value = value(name);
    if (value == null) {
      return otherwise;
    }
    List<String> names = List.of(value.split("\\s*,\\s*"));
    if (names.isEmpty() || !names.stream().allMatch(n -> n.matches(form))) {
      fault(name, expected + " separated by commas");
    }
    return names;
  }

  private void readIngress() {
    text("mesh_ingress", "detect|apply|off", "detect, apply or off")
        .ifPresent(value -> ingress = Ingress.valueOf(value.toUpperCase(Locale.ROOT)));
    text("mesh_ingress_controller", LABEL + "/" + LABEL, "NAMESPACE/NAME")
        .ifPresent(value -> ingressController = value);
    text("mesh_ingress_snippet", "true|false", "true or false")
        .ifPresent(value -> ingressSnippet = value.equals("true"));
    ingressSkipInboundPorts = ports("mesh_ingress_skip_inbound_ports", "80,443");
  }

  /** The value if it is set and valid. */
  private Optional<String> text(String name, String form, String expected) {
    String value = value(name);
    if (value != null && !value.matches(form)) {
      fault(name, expected);
      return Optional.empty();
    }
    return Optional.ofNullable(value);
  }

  private String ports(String name, String example) {
    String value = Objects.requireNonNullElse(value(name), "");
    String ports = value.replaceAll("\\s*([,-])\\s*", "$1");
    boolean valid =
        ports.matches(PORTS)
            && Arrays.stream(ports.split(",", -1)).allMatch(PolicyReader::isInRange);
    if (!ports.isEmpty() && !valid) {
      fault(name, "ports or ranges separated by commas, as " + example);
    }
    return ports;
  }

  private static boolean isInRange(String piece) {
    String[] ends = piece.split("-", -1);
    int low = Integer.parseInt(ends[0]);
    int high = Integer.parseInt(ends[ends.length - 1]);
    return 1 <= low && low <= high && high <= 65_535;
  }

  private void readBudget() {
    long exec = duration("exec_timeout", DEFAULT_EXEC_TIMEOUT).toSeconds();
    long limit = exec == 0 ? GATEWAY_TIMEOUT_SECONDS : exec;
    long most = Math.max(1, limit - 1);
    Duration otherwise = Duration.ofSeconds(Math.max(1, limit - MARGIN_SECONDS));
    long asked = duration("mesh_budget", otherwise).toSeconds();
    if (asked < 1 || asked > most) {
      fault("mesh_budget", "1s to " + most + "s, below exec_timeout");
    }
    budgetSeconds = (int) Math.min(asked, Integer.MAX_VALUE);
    runLimit = duration("mesh_run_limit", runLimit);
    if (runLimit.toMinutes() < 1 || runLimit.toDays() >= 1) {
      fault("mesh_run_limit", "1m to 23h");
    }
    patience = duration("mesh_patience", patience);
    if (patience.toSeconds() < 1 || patience.toHours() >= 1) {
      fault("mesh_patience", "1s to 59m");
    }
  }

  private Duration duration(String name, Duration otherwise) {
    String value = value(name);
    Duration duration = value == null ? otherwise : goDuration(value);
    if (duration == null) {
      fault(name, "seconds, or a duration as 55s or 1m5s");
      return otherwise;
    }
    return duration;
  }

  /**
   * A duration as of-watchdog reads it, to the millisecond: whole seconds ({@code 55}) or Go's form
   * ({@code 1m5.5s}); null if the text is not one.
   */
  static Duration goDuration(String text) {
    if (text.matches("\\d{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(text));
    }
    if (!text.matches("(" + AMOUNT + ")+")) {
      return null;
    }
    Duration sum = Duration.ZERO;
    Matcher piece = AMOUNTS.matcher(text);
    while (piece.find()) {
      BigDecimal millis = new BigDecimal(piece.group(1)).multiply(millis(piece.group(2)));
      sum = sum.plus(Duration.ofMillis(millis.longValue()));
    }
    return sum;
  }

  private static BigDecimal millis(String unit) {
    switch (unit) {
      case "h":
        return BigDecimal.valueOf(3_600_000);
      case "m":
        return BigDecimal.valueOf(60_000);
      case "s":
        return BigDecimal.valueOf(1_000);
      case "ms":
        return BigDecimal.ONE;
      case "ns":
        return new BigDecimal("0.000001");
      default:
        return new BigDecimal("0.001");
    }
  }

  private int count(String name, int otherwise, int least, int most) {
    String value = value(name);
    if (value == null) {
      return otherwise;
    }
    int count = value.matches("\\d{1,6}") ? Integer.parseInt(value) : -1;
    if (count < least || count > most) {
      fault(name, "a whole number from " + least + " to " + most);
    }
    return count;
  }

  /** An empty value counts as not set: a variable in stack.yml may resolve to nothing. */
  private String value(String name) {
    String value = environment.getOrDefault(name, "").trim();
    return value.isEmpty() ? null : value;
  }

  /** Names the setting but not its value: answers contain no environment values. */
  private void fault(String name, String expected) {
    faults.add(name + ": expected " + expected);
  }

  /** The operator's settings are invalid; holds every fault found in them. */
  public static final class PolicyException extends Exception {
    private static final long serialVersionUID = 1L;

    public final transient List<String> faults;

    PolicyException(List<String> faults) {
      super(String.join("; ", faults));
      this.faults = List.copyOf(faults);
    }
  }
}
