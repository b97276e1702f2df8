package com.openfaas.function.cluster;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import com.openfaas.function.platform.Annotations;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/**
 * Reads a pod template as {@link FieldFilter} does, and hashes all of it, unused fields too, to
 * detect whether a deployer has changed the workload since. Kubernetes' own hash does not serve,
 * because it includes our annotations.
 */
public final class TemplateHash extends JsonDeserializer<PodTemplateSpec> {
  private static final String FIELD = "mesh-setup/hash";

  /**
   * The hash of a template that {@link Cluster} has read.
   *
   * @return hex; empty if it was not read from the API server
   */
  public static String of(PodTemplateSpec template) {
    return String.valueOf(template.getAdditionalProperties().getOrDefault(FIELD, ""));
  }

  @Override
  public PodTemplateSpec deserialize(JsonParser parser, DeserializationContext context)
      throws IOException {
    TokenBuffer whole = context.bufferAsCopyOfValue(parser);
    try (JsonParser filtered = whole.asParserOnFirstToken();
        JsonParser all = whole.asParser()) {
      PodTemplateSpec template = context.readValue(filtered, PodTemplateSpec.class);
      template.setAdditionalProperty(FIELD, hash(all));
      return template;
    }
  }

  /**
   * Hashes names and values in the API server's order, which is always the same. A template with
   * only our annotations hashes like one without any.
   */
  private static String hash(JsonParser all) throws IOException {
    Checksum hash = new CRC32C();
    for (JsonToken token = all.nextToken(); token != null; token = all.nextToken()) {
      if (token == JsonToken.FIELD_NAME && Annotations.isOurs(all.currentName())) {
        all.nextToken();
        all.skipChildren();
      } else if (!token.isStructStart() && !token.isStructEnd() && !isAnnotations(all, token)) {
        hash.update(token.id());
        hash.update(all.getText().getBytes(StandardCharsets.UTF_8));
      }
    }
    return Long.toHexString(hash.getValue());
  }

  private static boolean isAnnotations(JsonParser all, JsonToken token) throws IOException {
    return token == JsonToken.FIELD_NAME && all.currentName().equals("annotations");
  }
}
