package com.openfaas.function.ingress;

import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.Kind;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Traffic.RouteView;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A route to the gateway, its controller's profile, and its desired annotations. */
public final class GatewayRoute {
  /**
   * What guides for old Linkerd put on an Ingress of ingress-nginx: a {@code configuration-snippet}
   * that sets {@code l5d-dst-override} and hides two response headers.
   *
   * <p>Since edge-20.10.3 Linkerd's proxy reads that header in mode {@code ingress} only (linkerd2
   * CHANGES.md), and it no longer sends the other two. ingress-nginx refuses snippets by default
   * since 1.9.0: {@code allow-snippet-annotations}
   * (https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/configmap/).
   */
  public static final String SNIPPET = "nginx.ingress.kubernetes.io/configuration-snippet";

  /** The id of the only controller that supports it. */
  private static final String WITH_SNIPPETS = "ingress-nginx";

  private static final Pattern OF_LINKERD =
      Pattern.compile("\\w+_(set|hide)_header\\s+l5d-[^;]*;[ \\t]*\\n?");

  public final RouteView view;
  public final ControllerProfile profile;

  /** Annotations that should be on the route; empty if none, or if they are not ours to write. */
  public final Map<String, String> desired;

  GatewayRoute(RouteView view, ControllerProfile profile, boolean snippet) {
    this.view = view;
    this.profile = profile;
    Map<String, String> settings = new TreeMap<>();
    if (view.object.kind == Kind.INGRESS) {
      settings.putAll(profile.settings(view.object.annotations, view.gatewayAddress));
      if (snippet && profile.id.equals(WITH_SNIPPETS)) {
        settings.putAll(snippet(view.object.annotations, view.gatewayAddress));
      }
    }
    this.desired = Collections.unmodifiableMap(settings);
  }

  /**
   * All routes to the gateway. Routes through the same workload share one profile, the workload's.
   *
   * @param snippet whether the old guide's configuration snippet is desired as well
   */
  public static List<GatewayRoute> all(List<RouteView> views, boolean snippet) {
    List<GatewayRoute> routes = new ArrayList<>();
    for (RouteView view : views) {
      List<RouteView> beside =
          views.stream().filter(each -> each.isBeside(view)).collect(Collectors.toList());
      ControllerProfile profile =
          view.controller == null ? ControllerProfile.of(view) : ControllerProfile.of(beside);
      routes.add(new GatewayRoute(view, profile, snippet));
    }
    return Collections.unmodifiableList(routes);
  }

  /** Whether the route has all desired annotations. */
  public boolean isSet() {
    return Annotations.lacking(view.object.annotations, desired).isEmpty();
  }

  /** The value that we set for an annotation, whether desired now or not; null if none. */
  public String ours(String key) {
    return key.equals(SNIPPET)
        ? snippet(view.object.annotations, view.gatewayAddress).get(key)
        : desired.get(key);
  }

  /**
   * Whether the settings must precede meshing the controller: otherwise its proxy would obey a
   * client's {@code l5d-dst-override}.
   */
  public boolean mustComeFirst() {
    return Annotations.INGRESS.equals(profile.mode);
  }

  /** What the operator has to do before the controller can be meshed; empty if nothing. */
  public String needs() {
    if (view.isShared && profile.sendsWholeRouteToGateway()) {
      return "it has a backend other than the gateway, whose requests the header would send to the"
          + " gateway: give each an Ingress of its own";
    }
    return profile.needs(view.object.annotations, view.object.namespace);
  }

  /** What is wrong with the guide's snippet on a route, in any form; null if it has none. */
  public static Problem ofSnippet(Annotated route) {
    return route.annotations.getOrDefault(SNIPPET, "").contains(RouteSetting.HEADER)
        ? new Problem(
            Code.INGRESS_SNIPPET,
            route.subject(),
            "its configuration-snippet sets "
                + RouteSetting.HEADER
                + ", which a proxy in mode enabled does not read, and ingress-nginx refuses snippets"
                + " since 1.9 unless allow-snippet-annotations is true",
            "remove the three directives from "
                + SNIPPET
                + "; nginx.ingress.kubernetes.io/service-upstream: \"true\" replaces them")
        : null;
  }

  /**
   * The annotation with the guide's three directives, after the rest of the route's own snippet; it
   * replaces older directives for Linkerd's headers.
   *
   * @param gatewayAddress the gateway's Service as {@code host:port}
   */
  static Map<String, String> snippet(Map<String, String> routeAnnotations, String gatewayAddress) {
    String others = OF_LINKERD.matcher(routeAnnotations.getOrDefault(SNIPPET, "")).replaceAll("");
    String before = others.isBlank() || others.endsWith("\n") ? others : others + "\n";
    return Map.of(
        SNIPPET,
        before
            + "proxy_set_header "
            + RouteSetting.HEADER
            + " "
            + gatewayAddress
            + ";\nproxy_hide_header l5d-remote-ip;\nproxy_hide_header l5d-server-id;\n");
  }

  /** The command that sets the desired annotations by hand. */
  public String command() {
    return annotate(desired);
  }

  /**
   * Input for {@code kubectl apply -f -}, with the commands to run afterwards as comments; empty if
   * nothing is needed.
   */
  public String objects() {
    Annotated route = view.object;
    StringBuilder text = new StringBuilder(profile.manifest(route.namespace, view.gatewayAddress));
    Map<String, String> afterwards = profile.afterwards(route.annotations, route.namespace);
    if (!afterwards.isEmpty()) {
      text.append("# then, once that is in place:\n");
    }
    afterwards.forEach(
        (key, value) -> text.append("# ").append(annotate(Map.of(key, value))).append('\n'));
    return text.toString();
  }

  private String annotate(Map<String, String> annotations) {
    Annotated route = view.object;
    return "kubectl -n "
        + route.namespace
        + " annotate "
        + route.kind.word()
        + " "
        + route.name
        + " --overwrite"
        + annotations.entrySet().stream()
            .map(entry -> " " + quoted(entry.getKey() + "=" + entry.getValue()))
            .collect(Collectors.joining());
  }

  /**
   * Quotes one shell word: anybody may write a route's annotations, and the command is meant to be
   * pasted.
   */
  private static String quoted(String word) {
    String plain = word.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]+", " ");
    return "'" + plain.replace("'", "'\\''") + "'";
  }
}
