package com.openfaas.function.request;

import com.openfaas.model.IRequest;
import java.util.Locale;
import java.util.Map;

/** How the caller wants to be answered; can be read off any request, however broken. */
public final class Answering {
  public final Format success;
  public final Format failure;

  private Answering(Format success, Format failure) {
    this.success = success;
    this.failure = failure;
  }

  /** {@code format} in the body or the query wins over the Accept header. */
  public static Answering of(IRequest request) {
    Accept accept = new Accept(Headers.of(request).get("Accept"));
    Format asked = formatAsked(request);
    if (asked == null) {
      return new Answering(accept.preferred(), accept.preferredForFailure());
    }
    return new Answering(asked, asked == Format.JSON ? Format.JSON : Format.TEXT);
  }

  private static Format formatAsked(IRequest request) {
    Map<String, Option> options = Options.of(request).byName;
    Option format = options.get("format");
    String name = format == null ? null : format.asText();
    for (Format known : Format.values()) {
      if (name != null && known.toString().equals(name.toLowerCase(Locale.ROOT))) {
        return known;
      }
    }
    return null;
  }
}
