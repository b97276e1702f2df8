package com.openfaas.function.ingress;

import java.util.regex.Pattern;

/** The end of a repository's path, and the tags that count, wherever the image is mirrored. */
final class ImageName {
  private static final Pattern ANY_TAG = Pattern.compile(".*");

  private final String repository;
  private final Pattern tag;

  private ImageName(String repository, Pattern tag) {
    this.repository = repository;
    this.tag = tag;
  }

  static ImageName of(String repository) {
    return new ImageName(repository, ANY_TAG);
  }

  /** Only with a tag that the expression matches as a whole; an image without one has "". */
  static ImageName of(String repository, String tag) {
    return new ImageName(repository, Pattern.compile(tag));
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
