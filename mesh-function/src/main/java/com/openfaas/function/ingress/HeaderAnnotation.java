package com.openfaas.function.ingress;

import com.openfaas.function.platform.Annotations;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * An annotation that lists request headers to set; ours is added to those present. Both controllers
 * that have one replace a client's header of the same name.
 */
final class HeaderAnnotation implements RouteSetting {
  private final String key;
  private final String betweenHeaders;
  private final String afterName;

  /**
   * @param row with the {@code annotation}, {@code betweenHeaders} for what separates two headers,
   *     and {@code afterName} for what separates a header's name from its value
   */
  HeaderAnnotation(ProfileRow row) {
    this.key = row.text("annotation");
    this.betweenHeaders = row.separator("betweenHeaders");
    this.afterName = row.separator("afterName");
    row.close();
  }

  @Override
  public String mode() {
    return Annotations.INGRESS;
  }

  @Override
  public Map<String, String> annotations(Map<String, String> present, String gateway) {
    List<String> headers = new ArrayList<>();
    for (String header : headers(present)) {
      if (!isOurs(header)) {
        headers.add(header);
      }
    }
    headers.add(HEADER + afterName + gateway);
    return Map.of(key, String.join(betweenHeaders, headers));
  }

  @Override
  public boolean holdsForAllPaths() {
    return true;
  }

  private List<String> headers(Map<String, String> present) {
    List<String> headers = new ArrayList<>();
    for (String piece : present.getOrDefault(key, "").split(Pattern.quote(betweenHeaders), -1)) {
      String header = piece.strip();
      if (!header.isEmpty()) {
        headers.add(header);
      }
    }
    return headers;
  }

  private boolean isOurs(String header) {
    int end = header.indexOf(afterName);
    return end >= 0 && header.substring(0, end).strip().equalsIgnoreCase(HEADER);
  }
}
