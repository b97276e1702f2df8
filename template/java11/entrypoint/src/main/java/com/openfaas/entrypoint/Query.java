package com.openfaas.entrypoint;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A query string as name and value pairs, in order.
 *
 * <table>
 * <caption>How each piece between two {@code &} is read</caption>
 * <tr><td>{@code a=b=c}</td><td>a is "b=c": the first = divides</td></tr>
 * <tr><td>{@code flag}, {@code flag=}</td><td>flag is ""</td></tr>
 * <tr><td>empty, {@code =b}</td><td>ignored: there is no name</td></tr>
 * <tr><td>{@code a=1&a=2}</td><td>a is "2": the last wins</td></tr>
 * <tr><td>{@code a+b=%C3%A4}</td><td>"a b" is "ä": form encoding, UTF-8</td></tr>
 * <tr><td>{@code a=%FF}</td><td>refused with 400: not UTF-8</td></tr>
 * </table>
 *
 * <p>Invalid escapes such as {@code %zz} do not get this far: the JDK's server answers them with
 * 400.
 */
final class Query {

  private Query() {}

  static Map<String, String> parse(String raw) throws RejectedRequestException {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String piece : raw.split("&", -1)) {
      int divider = piece.indexOf('=');
      String name = decode(divider < 0 ? piece : piece.substring(0, divider));
      if (!name.isEmpty()) {
        pairs.put(name, divider < 0 ? "" : decode(piece.substring(divider + 1)));
      }
    }
    return Collections.unmodifiableMap(pairs);
  }

  /**
   * Decoded via Latin-1, one character per byte, because URLDecoder would replace invalid UTF-8.
   */
  private static String decode(String text) throws RejectedRequestException {
    try {
      byte[] bytes = URLDecoder.decode(text, ISO_8859_1).getBytes(ISO_8859_1);
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (IllegalArgumentException | CharacterCodingException e) {
      throw new RejectedRequestException(400, "The query cannot be decoded as UTF-8: " + text);
    }
  }
}
