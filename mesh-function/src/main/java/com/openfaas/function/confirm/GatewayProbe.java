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
 * Calls functions, and mesh-setup itself, through the gateway as clients do. Of the functions some
 * are called, and one that answers will do: one that is down is not the gateway's fault.
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
   * A probe of what is on the platform.
   *
   * @param gateway where the gateway is called
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

  /** Why no function is reached; null where one is. */
  Problem toFunctions() {
    return reached(functions, HEALTH);
  }

  /** Why mesh-setup itself is not reached; null where it is. */
  Problem toSelf() {
    return reached(self, "/_/ready");
  }

  /**
   * What does not work any more of what worked before; null where all does.
   *
   * @param times asked that often: each pod of the gateway is to get a request
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
   * Asks a function's watchdog, through the gateway, by a connection of its own: each pod of the
   * gateway is as likely to be asked. Of-watchdog answers {@code /_/ready} without running the
   * function, and unlike {@code /_/health} that is judged by the mesh's policies as any call is:
   * Linkerd admits the paths of probes from everywhere.
   *
   * @return why there was no good answer; null where there was one
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
   * The answer to a call through the gateway that runs no function and to which policies apply as
   * to any other: both watchdogs answer a HEAD of their health path with 405 (classic-watchdog
   * handler.go, of-watchdog pkg/watchdog.go), and Linkerd admits everybody to a GET of it alone
   * (linkerd2 policy-controller/k8s/index/src/inbound/index.rs).
   */
  String judged(Workload function) {
    return judged(through(function, HEALTH));
  }

  /** The same, past the gateway: from this pod to that one. */
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
