package com.openfaas.function.confirm;

import com.openfaas.function.plan.Unconfirmed;
import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.MeshStatus.State;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.platform.Workload.Role;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Calls functions, and mesh-setup itself, through the gateway as clients do. One answer out of
 * several functions is enough: a function that is down is not the gateway's fault.
 */
public final class GatewayProbe {
  private static final int ASKED = 3;
  private static final int CONNECT_MS = 2000;
  private static final int READ_MS = 6000;
  private static final String HEALTH = "/_/health";

  private final URI gateway;
  private final List<Workload> functions;
  private final List<Workload> self;

  /**
   * A probe of an observed platform.
   *
   * @param gateway the gateway's base URL
   */
  public GatewayProbe(URI gateway, Platform platform) {
    this.gateway = gateway;
    this.functions =
        platform.workloads.stream()
            .filter(w -> w.role == Role.FUNCTION && platform.status(w).state == State.MESHED)
            .limit(ASKED)
            .collect(Collectors.toUnmodifiableList());
    this.self =
        platform.workloads.stream()
            .filter(w -> w.role == Role.SELF && w.rollout.wanted > 0)
            .collect(Collectors.toUnmodifiableList());
  }

  /** Why no function answers; null if one does. */
  Problem toFunctions() {
    return reached(functions, HEALTH);
  }

  /** Why mesh-setup does not answer; null if it does. */
  Problem toSelf() {
    return reached(self, "/_/ready");
  }

  /**
   * Which of the calls that worked before fails now; null if none does.
   *
   * @param times how often to call, so that each pod of the gateway gets a request
   */
  Problem lost(Unconfirmed before, int times) {
    Problem lost = null;
    for (int i = 0; i < times && lost == null; i++) {
      lost = before.functions ? toFunctions() : null;
      if (lost == null && before.self) {
        lost = toSelf();
      }
    }
    return lost;
  }

  private Problem reached(List<Workload> asked, String path) {
    Problem last =
        new Problem(
            Code.NO_FUNCTION_TO_CALL, gateway.toString(), "there is no function to call", "");
    for (Workload workload : asked) {
      last = asked(workload, path);
      if (last == null) {
        return null;
      }
    }
    return last;
  }

  /**
   * Calls a function's watchdog through the gateway, on a new connection, so that every gateway pod
   * is equally likely to get it. Of-watchdog answers {@code /_/ready} without running the function,
   * and policy applies to it as to any call, unlike {@code /_/health}: Linkerd admits probe paths
   * from everywhere.
   *
   * @return why there was no 2xx answer; null if there was
   */
  private Problem asked(Workload function, String path) {
    URI uri = through(function, path);
    String what;
    try {
      int status = status("GET", uri);
      if (status >= 200 && status < 300) {
        return null;
      }
      what = "status " + status;
    } catch (IOException e) {
      what = e.getClass().getSimpleName() + ", " + e.getMessage();
    }
    String hint = "kubectl -n " + function.namespace + " describe deployment " + function.name;
    return new Problem(
        Code.HEALTH_UNANSWERED, function.subject(), "GET " + uri + ": " + what, hint);
  }

  private URI through(Workload function, String path) {
    return URI.create(gateway + function.gatewayPath() + path);
  }

  /**
   * The answer to a call through the gateway that runs no function and is subject to policy as any
   * other: both watchdogs answer a HEAD of their health path with 405 (classic-watchdog handler.go,
   * of-watchdog pkg/watchdog.go), and Linkerd exempts only a GET of it (linkerd2
   * policy-controller/k8s/index/src/inbound/index.rs).
   */
  String judged(Workload function) {
    return judged(through(function, HEALTH));
  }

  /** The same past the gateway: from this pod to that one. */
  String judged(PodView pod) {
    return judged(URI.create(pod.url(Platform.PORT) + HEALTH));
  }

  private static String judged(URI uri) {
    try {
      return "status " + status("HEAD", uri);
    } catch (IOException e) {
      return e.getClass().getSimpleName() + ", " + e.getMessage();
    }
  }

  private static int status(String method, URI uri) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection(Proxy.NO_PROXY);
    connection.setRequestMethod(method);
    connection.setConnectTimeout(CONNECT_MS);
    connection.setReadTimeout(READ_MS);
    connection.setInstanceFollowRedirects(false);
    connection.setRequestProperty("Connection", "close");
    connection.setRequestProperty("User-Agent", "mesh-setup");
    int status = connection.getResponseCode();
    connection.disconnect();
    return status;
  }
}
