package com.openfaas.entrypoint;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.openfaas.function.Handler;
import com.openfaas.model.IHandler;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The process as of-watchdog sees it: its one line of output, its exit code, its signals. */
class AppTest {

  private static final String WITHOUT_HANDLER = classPath(App.class, IHandler.class);
  private static final String WITH_HANDLER = classPath(App.class, IHandler.class, Handler.class);

  @Test
  void servesTheHandlerThatTheServiceFileNames() throws Exception {
    try (FunctionProcess process = start(WITH_HANDLER, Map.of())) {
      assertThat(get(process.address()).body()).isEqualTo("hello");
      assertThat(process.errors()).isEmpty();
    }
  }

  @Test
  void bindsTheLoopbackAddressOnly() throws Exception {
    try (FunctionProcess process = start(WITH_HANDLER, Map.of())) {
      InetAddress other = InetAddress.getByAddress(new byte[] {127, 0, 0, 2});
      int port = process.address().getPort();
      Assertions.assertThatThrownBy(() -> new Socket(other, port).close())
          .isInstanceOf(ConnectException.class);
    }
  }

  @Test
  @DisplayName(
      "On SIGTERM close() lets a running request stop, its answer gets out, the exit code is 0")
  void endsAtASafePoint() throws Exception {
    try (FunctionProcess process = start(WITH_HANDLER, Map.of())) {
      CompletableFuture<HttpResponse<String>> answer =
          FunctionProcess.get(process.address().resolve("/until-closed"));
      await().until(() -> process.errors().contains("Waiting for close()"));

      process.terminate();

      assertThat(answer.get(20, TimeUnit.SECONDS).body()).isEqualTo("stopped at a safe point");
      assertThat(process.exitCode()).isZero();
    }
  }

  @Test
  void endsAtOnceWhenNothingRuns() throws Exception {
    try (FunctionProcess process = start(WITH_HANDLER, Map.of("http_drain_timeout", "1h"))) {
      get(process.address());

      process.terminate();

      assertThat(process.exitCode()).isZero();
    }
  }

  @Test
  void saysWhichHandlerIsMissing() throws Exception {
    try (FunctionProcess process = start(WITHOUT_HANDLER, Map.of())) {
      assertThat(process.exitCode()).isEqualTo(1);
      assertThat(process.line()).isNull();
      assertThat(process.errors())
          .startsWith("Cannot start: no handler")
          .contains("com.openfaas.function.Handler not found");
    }
  }

  @Test
  @DisplayName("A handler that cannot be built never listens, and its reason is in the log")
  void saysWhyTheHandlerCannotBeBuilt() throws Exception {
    try (FunctionProcess process = start(WITH_HANDLER, Map.of(), "-Dhandler.fails=true")) {
      assertThat(process.exitCode()).isEqualTo(1);
      assertThat(process.line()).isNull();
      assertThat(process.errors()).contains("java.lang.IllegalStateException: no key");
    }
  }

  @Test
  void saysWhatIsWrongWithTheSettings() throws Exception {
    try (FunctionProcess process = start(WITH_HANDLER, Map.of("http_queue", "none"))) {
      assertThat(process.exitCode()).isEqualTo(1);
      assertThat(process.errors())
          .isEqualToIgnoringNewLines(
              "Cannot start: http_queue is \"none\" but must be a whole number from 1 to 100000");
    }
  }

  @Test
  void saysWhichAddressCannotBeBound() throws Exception {
    try (FunctionProcess process = start(WITH_HANDLER, Map.of("http_host", "203.0.113.1"))) {
      assertThat(process.exitCode()).isEqualTo(1);
      assertThat(process.errors()).startsWith("Cannot start: 203.0.113.1:0: ");
    }
  }

  @Test
  @DisplayName("What was answered takes no memory for as long as the caller keeps its connection")
  void answersManyLargeOnesInASmallHeap() throws Exception {
    List<Socket> kept = new ArrayList<>();
    try (FunctionProcess process = start(WITH_HANDLER, Map.of(), "-Xmx24m")) {
      URI address = process.address();
      for (int i = 0; i < 50; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), address.getPort());
        kept.add(socket);
        assertThat(mebibyte(socket)).as("connection %d", i).isEqualTo(1 << 20);
      }
      assertThat(process.errors()).isEmpty();
    } finally {
      for (Socket socket : kept) {
        socket.close();
      }
    }
  }

  /** How much came, on a connection that stays open. */
  private static int mebibyte(Socket socket) throws IOException {
    socket.setSoTimeout(20_000);
    socket.getOutputStream().write("GET /mebibyte HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(US_ASCII));
    DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.readByte());
    }
    return in.readNBytes(1 << 20).length;
  }

  private static FunctionProcess start(
      String classPath, Map<String, String> environment, String... options) throws Exception {
    List<String> command =
        Stream.of(
                Stream.of(FunctionProcess.java()),
                Arrays.stream(options),
                Stream.of("-cp", classPath, App.class.getName()))
            .flatMap(part -> part)
            .collect(Collectors.toList());
    return FunctionProcess.start(command, environment);
  }

  private static HttpResponse<String> get(URI address) throws Exception {
    return FunctionProcess.get(address.resolve("/")).get(20, TimeUnit.SECONDS);
  }

  /** Where these classes come from, each a folder or a jar. */
  private static String classPath(Class<?>... classes) {
    return Arrays.stream(classes)
        .map(each -> each.getProtectionDomain().getCodeSource().getLocation().getPath())
        .collect(Collectors.joining(File.pathSeparator));
  }
}
