package com.openfaas.function.ingress;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * What guides for old Linkerd put on an Ingress of ingress-nginx: a {@code configuration-snippet}
 * that sets {@code l5d-dst-override} and hides two response headers.
 *
 * <p>Since edge-20.10.3 Linkerd's proxy reads that header in mode {@code ingress} only (linkerd2
 * CHANGES.md), and it no longer sends the other two. ingress-nginx refuses snippets by default
 * since 1.9.0: {@code allow-snippet-annotations}
 * (https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/configmap/).
 */
public final class Snippet {
  /** The id of the only controller that supports it. */
  static final String CONTROLLER = "ingress-nginx";

  public static final String KEY = "nginx.ingress.kubernetes.io/configuration-snippet";

  private static final String HEADER = RouteSetting.HEADER;

  private static final Pattern LINKERD =
      Pattern.compile("\\w+_(set|hide)_header\\s+l5d-[^;]*;[ \\t]*\\n?");

  private Snippet() {}

  /** Whether a route's annotations contain the guide's snippet, in any form. */
  public static boolean isOn(Map<String, String> routeAnnotations) {
    return routeAnnotations.getOrDefault(KEY, "").contains(HEADER);
  }

  /** What is wrong with such a snippet, in one sentence. */
  public static String message() {
    return "its configuration-snippet sets "
        + HEADER
        + ", which a proxy in mode enabled does not read, and ingress-nginx refuses snippets since"
        + " 1.9 unless allow-snippet-annotations is true";
  }

  public static String hint() {
    return "remove the three directives from "
        + KEY
        + "; nginx.ingress.kubernetes.io/service-upstream: \"true\" replaces them";
  }

  /**
   * The annotation with the guide's three directives, after the rest of the route's own snippet; it
   * replaces older directives for Linkerd's headers.
   *
   * @param gatewayAddress the gateway's Service as {@code host:port}
   */
  public static Map<String, String> setting(
      Map<String, String> routeAnnotations, String gatewayAddress) {
    String others = LINKERD.matcher(routeAnnotations.getOrDefault(KEY, "")).replaceAll("");
    String before = others.isBlank() || others.endsWith("\n") ? others : others + "\n";
    return Map.of(
        KEY,
        before
            + "proxy_set_header "
            + HEADER
            + " "
            + gatewayAddress
            + ";\nproxy_hide_header l5d-remote-ip;\nproxy_hide_header l5d-server-id;\n");
  }
}
