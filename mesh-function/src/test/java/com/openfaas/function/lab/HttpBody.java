package com.openfaas.function.lab;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The body of an HTTP/1.1 message, and the frames of a WebSocket, piece by piece as they come. */
final class HttpBody {
  private static final int BUFFER = 16 * 1024;

  private HttpBody() {}

  /** Where whole pieces go. */
  interface Sink {
    void take(byte[] piece) throws IOException;
  }

  /** A request's body: chunked, of a length, or none. */
  static byte[] ofRequest(HttpHead head, InputStream in) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    copy(head, in, body::write);
    return body.toByteArray();
  }

  /** Copies a body that ends by its own account. */
  static void copy(HttpHead head, InputStream in, Sink out) throws IOException {
    if (head.isChunked()) {
      copyChunks(in, out);
    } else {
      copyLength(Long.parseLong(head.header("Content-Length").orElse("0")), in, out);
    }
  }

  /** Each chunk with its size and its line ends is a piece; the last one and trailers are one. */
  private static void copyChunks(InputStream in, Sink out) throws IOException {
    int size;
    do {
      ByteArrayOutputStream piece = new ByteArrayOutputStream();
      String line = HttpHead.readLine(in, piece);
      if (line.isEmpty()) {
        throw new EOFException("closed between chunks");
      }
      size = Integer.parseInt(line.trim().split(";", 2)[0], 16);
      piece.write(exactly(size, in));
      readTrailers(size, in, piece);
      out.take(piece.toByteArray());
    } while (size > 0);
  }

  private static void readTrailers(int size, InputStream in, ByteArrayOutputStream piece)
      throws IOException {
    String line = HttpHead.readLine(in, piece);
    while (size == 0 && !line.isBlank()) {
      line = HttpHead.readLine(in, piece);
    }
  }

  private static void copyLength(long length, InputStream in, Sink out) throws IOException {
    for (long left = length; left > 0; left -= BUFFER) {
      out.take(exactly((int) Math.min(left, BUFFER), in));
    }
  }

  /** Each frame is a piece, until the other side closes. */
  static void copyFrames(InputStream in, Sink out) throws IOException {
    for (int first = in.read(); first >= 0; first = in.read()) {
      ByteArrayOutputStream piece = new ByteArrayOutputStream();
      piece.write(first);
      int second = exactly(1, in)[0] & 0xff;
      piece.write(second);
      piece.write(exactly(payload(second & 0x7f, in, piece), in));
      out.take(piece.toByteArray());
    }
  }

  /** A server's frames are not masked: the length is all there is between header and payload. */
  private static int payload(int length, InputStream in, ByteArrayOutputStream piece)
      throws IOException {
    if (length < 126) {
      return length;
    }
    byte[] extended = exactly(length == 126 ? 2 : 8, in);
    piece.write(extended);
    int size = 0;
    for (byte part : extended) {
      size = Math.addExact(Math.multiplyExact(size, 256), part & 0xff);
    }
    return size;
  }

  /** Whatever comes, as soon as it comes. */
  static void copyAll(InputStream in, OutputStream out) throws IOException {
    byte[] buffer = new byte[BUFFER];
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      out.write(buffer, 0, read);
      out.flush();
    }
  }

  private static byte[] exactly(int length, InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("closed " + (length - bytes.length) + " bytes too early");
    }
    return bytes;
  }
}
