package com.openfaas.function.lab;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Tells of pods and of their end. An informer would only log what is thrown then, and no test would
 * know: the first failure is kept.
 */
final class PodFeed implements ResourceEventHandler<Pod> {
  private final Consumer<Pod> follow;
  private final Consumer<Pod> gone;
  private final AtomicReference<RuntimeException> failure;

  PodFeed(Consumer<Pod> follow, Consumer<Pod> gone, AtomicReference<RuntimeException> failure) {
    this.follow = follow;
    this.gone = gone;
    this.failure = failure;
  }

  @Override
  public void onAdd(Pod pod) {
    keepFailure(follow, pod);
  }

  @Override
  public void onUpdate(Pod before, Pod pod) {
    keepFailure(follow, pod);
  }

  @Override
  public void onDelete(Pod pod, boolean finalStateUnknown) {
    keepFailure(gone, pod);
  }

  private void keepFailure(Consumer<Pod> handler, Pod pod) {
    try {
      handler.accept(pod);
    } catch (RuntimeException e) {
      failure.compareAndSet(null, e);
    }
  }
}
