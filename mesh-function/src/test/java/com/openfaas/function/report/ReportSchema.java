package com.openfaas.function.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** docs/report.schema.json. */
final class ReportSchema {
  private static final JsonSchema SCHEMA =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(text());

  private ReportSchema() {}

  static String text() {
    try {
      return Files.readString(Path.of("docs", "report.schema.json"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void accepts(String json) {
    assertThat(
            SCHEMA.validate(
                json,
                InputFormat.JSON,
                withFormats -> withFormats.getExecutionConfig().setFormatAssertionsEnabled(true)))
        .as("faults against docs/report.schema.json")
        .isEmpty();
  }

  static boolean refuses(String json) {
    return !SCHEMA.validate(json, InputFormat.JSON).isEmpty();
  }
}
