package com.openfaas.function.request;

import com.openfaas.model.IRequest;
import java.util.Locale;
import java.util.Map;

/** How the caller wants to be answered; can be read off any request, however broken. */
public final class Answering {
  public final Format success;
  public final Format failure;

  /** How many columns a text has. */
  public final int width;

  private Answering(Format success, Format failure, int width) {
    this.success = success;
    this.failure = failure;
    this.width = width;
  }

  /** {@code format} in the body or the query wins over the Accept header. */
  public static Answering of(IRequest request) {
    Accept accept = new Accept(Headers.of(request).get("Accept"));
    Map<String, Option> options = Options.of(request).byName;
    Format asked = formatAsked(options.get("format"));
    Integer columns = RequestReader.columns(options.get("width"));
    int width = columns == null ? RequestReader.COLUMNS : columns;
    if (asked == null) {
      return new Answering(accept.preferred(), accept.preferredForFailure(), width);
    }
    return new Answering(asked, asked == Format.JSON ? Format.JSON : Format.TEXT, width);
  }

  private static Format formatAsked(Option format) {
    String name = format == null ? null : format.asText();
    for (Format known : Format.values()) {
      if (name != null && known.toString().equals(name.toLowerCase(Locale.ROOT))) {
        return known;
      }
    }
    return null;
  }
}
