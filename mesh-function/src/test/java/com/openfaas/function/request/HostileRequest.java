package com.openfaas.function.request;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.openfaas.function.lab.OperatorKey;
import com.openfaas.function.platform.Cases;
import java.math.BigInteger;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** A row of the table cases/requests.yaml, which tells what its keys mean. */
public final class HostileRequest {
  private final JsonNode row;
  private final OperatorKey key;
  private final Instant now;

  private HostileRequest(JsonNode row, OperatorKey key, Instant now) {
    this.row = row;
    this.key = key;
    this.now = now;
  }

  /** The whole table, signed with the key at that time. */
  public static List<HostileRequest> all(OperatorKey key, Instant now) {
    return StreamSupport.stream(Cases.yaml(Cases.file("requests.yaml")).spliterator(), false)
        .map(row -> new HostileRequest(row, key, now))
        .collect(Collectors.toList());
  }

  /** Whether it can be sent to a process: what there is only on another entrypoint cannot. */
  public boolean isForProcess() {
    return !row.path("where").asText().equals("handler");
  }

  /** Whether the handler alone can tell what to make of it. */
  public boolean isForHandler() {
    return !Set.of("process", "platform").contains(row.path("where").asText()) && !row.has("raw");
  }

  /** Whether the platform must be looked at before it can be refused. */
  public boolean isAboutPlatform() {
    return row.path("where").asText().equals("platform");
  }

  /** Whether it is about the signature, and so about the key. */
  public boolean isAboutSignature() {
    return row.has("signature");
  }

  /** The status that a process answers. */
  public int status() {
    return row.path("http").path("status").asInt(row.path("status").asInt(400));
  }

  /** A piece of what a process answers. */
  public String says() {
    return row.path("http").path("says").asText(saysHandler());
  }

  int statusOfHandler() {
    return row.path("status").asInt(400);
  }

  String saysHandler() {
    return row.path("says").asText();
  }

  String method() {
    return repeated("method", "POST");
  }

  String query() {
    return repeated("query", "") + row.path("queryAfter").asText();
  }

  String body() {
    return filled(
        row.path("before").asText() + repeatedBy("body", "times", "") + row.path("after").asText());
  }

  Map<String, String> headers() {
    Map<String, String> headers = new LinkedHashMap<>();
    int times = row.path("headerTimes").asInt(1);
    row.path("headers")
        .properties()
        .forEach(h -> headers.put(h.getKey(), h.getValue().asText().repeat(times)));
    if (row.has("signature") && !row.path("signature").asText().isEmpty()) {
      headers.put(OperatorKey.HEADER, signature());
    }
    return headers;
  }

  /** As it goes over the wire. */
  public byte[] bytes() {
    if (row.has("raw")) {
      return row.path("raw").asText().getBytes(UTF_8);
    }
    byte[] body = row.has("hex") ? bytesOf(row.path("hex").asText()) : body().getBytes(UTF_8);
    StringBuilder head = new StringBuilder();
    head.append(method()).append(query().isEmpty() ? " /" : " /?").append(query());
    head.append(" HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n");
    headers().forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
    byte[] start = head.toString().getBytes(UTF_8);
    byte[] whole = new byte[start.length + body.length];
    System.arraycopy(start, 0, whole, 0, start.length);
    System.arraycopy(body, 0, whole, start.length, body.length);
    return whole;
  }

  private String signature() {
    String right = key.sign(body()).substring("sha256=".length());
    return repeatedBy("signature", "signatureTimes", "")
        .replace("${hmac of another}", key.sign(body() + " ").substring("sha256=".length()))
        .replace("${hmac of nothing}", key.sign("").substring("sha256=".length()))
        .replace("${hmac}", right)
        .replace("${HMAC}", right.toUpperCase(Locale.ROOT));
  }

  private String filled(String text) {
    return text.replace("${now}", now.toString())
        .replace("${now - 10 min}", now.minusSeconds(600).toString())
        .replace("${now + 10 min}", now.plusSeconds(600).toString());
  }

  private String repeated(String name, String otherwise) {
    return repeatedBy(name, name + "Times", otherwise);
  }

  private String repeatedBy(String name, String times, String otherwise) {
    return row.path(name).asText(otherwise).repeat(row.path(times).asInt(1));
  }

  private static byte[] bytesOf(String hex) {
    byte[] padded = new BigInteger("01" + hex, 16).toByteArray();
    byte[] bytes = new byte[padded.length - 1];
    System.arraycopy(padded, 1, bytes, 0, bytes.length);
    return bytes;
  }

  @Override
  public String toString() {
    return row.path("is").asText();
  }
}
