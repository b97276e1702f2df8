package com.openfaas.function.ingress;

import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.Kind;
import com.openfaas.function.platform.RouteView;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** A route, the line of the table that its controller is on, and what is wanted of both. */
public final class Passage {
  public final RouteView route;
  public final Controller line;

  /** Annotations that should be on the route; empty where nothing has to be, or not by us. */
  public final Map<String, String> settings;

  private Passage(RouteView route, Controller line, Map<String, String> settings) {
    this.route = route;
    this.line = line;
    this.settings = settings;
  }

  /**
   * What is wanted of a route.
   *
   * @param snippet whether the old guide's configuration snippet is wanted as well
   */
  public static Passage of(RouteView route, boolean snippet) {
    Controller line = Controllers.of(route);
    Map<String, String> settings = new TreeMap<>();
    if (route.object.kind == Kind.INGRESS) {
      settings.putAll(line.settings(route.object.annotations, route.gatewayAddress));
      if (snippet && line == IngressNginx.LINE) {
        settings.putAll(Snippet.setting(route.object.annotations, route.gatewayAddress));
      }
    }
    return new Passage(route, line, Collections.unmodifiableMap(settings));
  }

  /** Whether the route has all that should be on it. */
  public boolean isSet() {
    return route.object.annotations.entrySet().containsAll(settings.entrySet());
  }

  /** Whether the annotation on the route is as we would set it. */
  public boolean isOurs(String key) {
    Map<String, String> present = route.object.annotations;
    Map<String, String> ours =
        key.equals(Snippet.KEY) ? Snippet.setting(present, route.gatewayAddress) : settings;
    return present.containsKey(key) && present.get(key).equals(ours.get(key));
  }

  /**
   * Whether the settings must be there before the controller is meshed: its proxy would else obey a
   * client's {@code l5d-dst-override}.
   */
  public boolean mustComeFirst() {
    return Annotations.INGRESS.equals(line.mode);
  }

  /** What the operator has to put in place before the controller can be meshed; empty: nothing. */
  public String needs() {
    if (route.isShared && line.sendsWholeRouteToGateway()) {
      return "it has a backend beside the gateway, whose requests the header would send to the gateway:"
          + " give each an Ingress of its own";
    }
    return line.needs(route.object.annotations, route.object.namespace, route.gatewayAddress);
  }

  /** The command that sets by hand what should be on the route. */
  public String command() {
    Annotated object = route.object;
    return new RouteName(object.kind.toString(), object.namespace, object.name).annotate(settings);
  }

  /** What the operator can apply; empty where nothing is needed. */
  public String objects() {
    return line.objects(
        route.object.kind.toString(),
        route.object.namespace,
        route.object.name,
        route.object.annotations,
        route.gatewayAddress);
  }
}
