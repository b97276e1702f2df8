package com.openfaas.function.lab;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The first line and the headers of an HTTP/1.1 message, to be passed on as they came. */
final class HttpHead {
  private static final String LINE_END = "\r\n";

  private final List<String> lines;

  private HttpHead(List<String> lines) {
    this.lines = lines;
  }

  /** The next one of a connection, or empty if the other side has closed it. */
  static Optional<HttpHead> read(InputStream in) throws IOException {
    String text = untilEmptyLine(in);
    return text.isEmpty()
        ? Optional.empty()
        : Optional.of(new HttpHead(text.lines().collect(Collectors.toList())));
  }

  /** The n-th word of the first line: method, path, version, or version, status, reason. */
  String word(int n) {
    return lines.get(0).split(" ", 3)[n];
  }

  Optional<String> header(String name) {
    String prefix = name + ":";
    return lines.stream()
        .skip(1)
        .filter(line -> line.regionMatches(true, 0, prefix, 0, prefix.length()))
        .map(line -> line.substring(prefix.length()).trim())
        .findFirst();
  }

  boolean isChunked() {
    return header("Transfer-Encoding").filter("chunked"::equalsIgnoreCase).isPresent();
  }

  byte[] bytes() {
    return (String.join(LINE_END, lines) + LINE_END + LINE_END).getBytes(ISO_8859_1);
  }

  private static String untilEmptyLine(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    for (String line = readLine(in, head); line.length() > LINE_END.length(); ) {
      line = readLine(in, head);
    }
    return head.toString(ISO_8859_1).stripTrailing();
  }

  /** Reads one line, its end included, and appends it; empty at the end of the stream. */
  static String readLine(InputStream in, ByteArrayOutputStream to) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next >= 0; next = in.read()) {
      line.write(next);
      if (next == '\n') {
        line.writeTo(to);
        return line.toString(ISO_8859_1);
      }
    }
    if (line.size() > 0) {
      throw new EOFException("closed within a line");
    }
    return "";
  }
}
