package com.openfaas.function.ingress;

import java.util.regex.Pattern;

/** The end of a repository's path, and the tags that count, wherever the image is mirrored. */
final class ImageName {
  private final String repository;
  private final Pattern tag;

  /**
   * @param repository the end of the path
   * @param tag matches the whole tag of those that count; an image without a tag has ""
   */
  ImageName(String repository, Pattern tag) {
    this.repository = repository;
    this.tag = tag;
  }

  /** Whether {@code [registry/]path[:tag][@digest]} is this image. */
  boolean names(String image) {
    String named = image.split("@", -1)[0];
    int colon = named.indexOf(':', named.lastIndexOf('/') + 1);
    String path = colon < 0 ? named : named.substring(0, colon);
    String itsTag = colon < 0 ? "" : named.substring(colon + 1);
    return (path.equals(repository) || path.endsWith("/" + repository))
        && tag.matcher(itsTag).matches();
  }
}
