package com.openfaas.function.lab;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Another controller, sure that some Deployments' pods are not to be injected: it takes the
 * annotation away whenever somebody has set it, and notes that it did.
 */
public final class ConflictingController implements AutoCloseable {
  private final KubernetesClient client;
  private final String fieldManager;
  private final AtomicInteger turn = new AtomicInteger();
  private final List<Watch> watches = new ArrayList<>();

  /** With an administrator's rights, under a name of its own. */
  public ConflictingController(TestPlatform platform, String fieldManager) {
    this.client = platform.cluster().client();
    this.fieldManager = fieldManager;
  }

  /** From now until it is closed. */
  public void takesInjectionFrom(String namespace, String name) {
    watches.add(
        client
            .apps()
            .deployments()
            .inNamespace(namespace)
            .withName(name)
            .watch(
                new Watcher<Deployment>() {
                  @Override
                  public void eventReceived(Action action, Deployment deployment) {
                    if (action != Action.DELETED) {
                      takeAway(deployment);
                    }
                  }

                  @Override
                  public void onClose(WatcherException cause) {
                    throw new IllegalStateException(
                        "the conflicting controller's watch ended", cause);
                  }
                }));
  }

  private void takeAway(Deployment deployment) {
    var annotations = deployment.getSpec().getTemplate().getMetadata().getAnnotations();
    if (annotations == null || !annotations.containsKey("linkerd.io/inject")) {
      return;
    }
    String patch =
        "{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"linkerd.io/inject\":null,"
            + "\"controller.example/turn\":\""
            + turn.incrementAndGet()
            + "\"}}}}}";
    PatchContext context = PatchContext.of(PatchType.JSON_MERGE);
    context.setFieldManager(fieldManager);
    client.resource(deployment).patch(context, patch);
  }

  @Override
  public void close() {
    watches.forEach(Watch::close);
    client.close();
  }
}
