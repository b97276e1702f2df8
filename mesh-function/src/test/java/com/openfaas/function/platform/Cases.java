package com.openfaas.function.platform;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Test cases kept as files below src/test/resources/cases and found by listing, so that adding one
 * needs no Java. With {@code -Dgolden.update=true} golden files are written anew; the build then
 * fails once, so that somebody looks at what has changed.
 */
public final class Cases {
  private static final Path ROOT = Path.of("src", "test", "resources", "cases");
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private Cases() {}

  /** Every entry of the folder, by name. */
  public static List<Path> in(String folder) {
    try (Stream<Path> entries = Files.list(ROOT.resolve(folder))) {
      return entries.sorted().collect(Collectors.toUnmodifiableList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The file's only document. */
  public static JsonNode yaml(Path file) {
    return documents(file).get(0);
  }

  /** The file's documents. */
  public static List<JsonNode> documents(Path file) {
    try (JsonParser parser = YAML.createParser(file.toFile())) {
      List<JsonNode> documents = new ArrayList<>();
      while (parser.nextToken() != null) {
        documents.add(YAML.readTree(parser));
      }
      return documents;
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
  }

  /** A file directly below the root. */
  public static Path file(String name) {
    return ROOT.resolve(name);
  }

  /** Fails where the golden file does not hold the text, byte by byte. */
  public static void holdsGolden(Path golden, String actual) {
    try {
      if (Boolean.getBoolean("golden.update")) {
        if (!Files.exists(golden) || !Files.readString(golden).equals(actual)) {
          Files.writeString(golden, actual);
          throw new AssertionError(golden + " was written anew: look at it, then run again");
        }
        return;
      }
      if (!Files.exists(golden)) {
        throw new AssertionError(golden + " is missing; -Dgolden.update=true writes it");
      }
      org.assertj.core.api.Assertions.assertThat(actual)
          .as(golden.toString())
          .isEqualTo(Files.readString(golden));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
