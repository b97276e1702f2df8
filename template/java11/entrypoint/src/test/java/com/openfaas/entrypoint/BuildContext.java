package com.openfaas.entrypoint;

import static java.util.stream.Collectors.toList;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The folder that {@code docker build} is given: made as faas-cli makes it, then as Docker sees it.
 */
final class BuildContext {

  /** Top-level names of a handler folder that faas-cli leaves out; {@code target} is not one. */
  private static final Set<String> LEFT_OUT = Set.of("build", "template");

  private BuildContext() {}

  /** The template, with the handler folder laid over its {@code function} folder. */
  static void shrinkWrap(Path template, Path handler, Path into) throws IOException {
    copy(template, into, path -> false);
    copy(handler, into.resolve("function"), path -> LEFT_OUT.contains(path.toString()));
  }

  /** Copies what {@code .dockerignore} lets through. */
  static void send(Path context, Path into) throws IOException {
    try (Stream<String> lines = Files.lines(context.resolve(".dockerignore"))) {
      List<PathMatcher> ignored =
          lines
              .map(String::strip)
              .filter(line -> !line.isEmpty() && !line.startsWith("#"))
              .flatMap(BuildContext::matchers)
              .collect(toList());
      copy(context, into, path -> ignored.stream().anyMatch(each -> each.matches(path)));
    }
  }

  /** For Docker, unlike for Java, two asterisks stand for no folder too. */
  private static Stream<PathMatcher> matchers(String pattern) {
    if (pattern.startsWith("!")) {
      throw new IllegalArgumentException("Not known here: " + pattern);
    }
    return Stream.of(pattern, pattern.replaceFirst("^\\*\\*/", ""))
        .map(glob -> FileSystems.getDefault().getPathMatcher("glob:" + glob));
  }

  /** Copies a tree over what is there; {@code without} is asked about paths relative to it. */
  static void copy(Path from, Path into, Predicate<Path> without) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            if (without.test(from.relativize(folder))) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            Files.createDirectories(into.resolve(from.relativize(folder)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (!without.test(from.relativize(file))) {
              Path copy = into.resolve(from.relativize(file));
              Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
