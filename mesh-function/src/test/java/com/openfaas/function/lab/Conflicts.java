package com.openfaas.function.lab;

import static java.net.HttpURLConnection.HTTP_CONFLICT;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.function.Supplier;

/**
 * Edits of what others write, too, such as a Deployment's controller its status: the client reads,
 * then writes what it has read, which is refused where somebody has written in between.
 */
final class Conflicts {
  private static final int MOST_TRIES = 20;

  private Conflicts() {}

  /** Reads and writes again where it was refused for that. */
  static <T> T retried(Supplier<T> edit) {
    for (int tries = 1; ; tries++) {
      try {
        return edit.get();
      } catch (KubernetesClientException e) {
        if (e.getCode() != HTTP_CONFLICT || tries == MOST_TRIES) {
          throw e;
        }
      }
    }
  }
}
