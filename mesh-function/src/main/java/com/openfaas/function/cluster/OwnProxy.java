package com.openfaas.function.cluster;

import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.ControlPlane.ProxyDefaults;
import com.openfaas.function.platform.Ports;
import com.openfaas.function.platform.Problem;
import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.URI;

/**
 * The Linkerd proxy of mesh-setup's own pod. Requests to the API server pass it unless it skips
 * that port; a new proxy without a control plane lets nothing through, which looks like a silent
 * API server (seen on a real cluster: 48 s, then the connection was closed).
 */
final class OwnProxy {
  /** The proxy's admin port (linkerd2 charts/partials/templates/_proxy.tpl). */
  private static final int ADMIN_PORT = 4191;

  private static final int CONNECT_MILLIS = 250;

  private final SocketAddress admin;
  private final String namespace;
  private final int apiPort;

  OwnProxy(SocketAddress admin, String namespace, int apiPort) {
    this.admin = admin;
    this.namespace = namespace;
    this.apiPort = apiPort;
  }

  static OwnProxy of(Config config) {
    int port = URI.create(config.getMasterUrl()).getPort();
    return new OwnProxy(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), ADMIN_PORT),
        config.getNamespace() == null ? "openfaas-fn" : config.getNamespace(),
        port < 0 ? 443 : port);
  }

  /** The error of an unanswered request; if the pod has a proxy, names it as a possible cause. */
  ClusterException suspected(ClusterException unanswered) {
    if (!isThere()) {
      return unanswered;
    }
    Problem problem = unanswered.problem;
    String ports =
        Ports.union(
            "443,6443", String.valueOf(apiPort), ProxyDefaults.OF_LINKERD.skipOutboundPorts);
    return new ClusterException(
        new Problem(
            problem.code,
            problem.subject,
            problem.message
                + "; its requests pass the Linkerd proxy of mesh-setup's own pod, unless it skips"
                + " port "
                + apiPort,
            "linkerd check; if linkerd-destination is down, let mesh-setup bypass its proxy: kubectl"
                + " -n "
                + namespace
                + " patch deployment mesh-setup --type merge -p"
                + " '{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\""
                + Annotations.SKIP_OUTBOUND_PORTS
                + "\":\""
                + ports
                + "\"}}}}}'; "
                + problem.hint),
        unanswered);
  }

  private boolean isThere() {
    try (Socket socket = new Socket()) {
      socket.connect(admin, CONNECT_MILLIS);
      return true;
    } catch (IOException e) {
      // Nothing listens: the pod has no proxy, or the proxy is not running.
      return false;
    }
  }
}
