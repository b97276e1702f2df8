package com.openfaas.function.lab;

import java.time.Duration;
import java.util.Locale;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives a test class a {@link TestPlatform} of its own on the one {@link Cluster} of this JVM.
 * Without a cluster the class is skipped with the reason, or fails where CI=true and it is the lab
 * that is missing.
 */
public final class ClusterExtension implements BeforeAllCallback, ParameterResolver {
  private static final Namespace STORE = Namespace.create(ClusterExtension.class);

  static {
    // What is waited for comes, on a machine that is busy as well; 10 s, the default, may be short.
    Awaitility.setDefaultTimeout(Duration.ofMinutes(2));
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    Cluster cluster = cluster(context);
    context.getRoot().getStore(STORE).getOrComputeIfAbsent(FaultTable.class, k -> new FaultTable());
    String prefix = context.getRequiredTestClass().getSimpleName().toLowerCase(Locale.ROOT);
    // A nested class finds the platform of the class around it.
    context
        .getStore(STORE)
        .getOrComputeIfAbsent(
            TestPlatform.class, key -> TestPlatform.create(cluster, prefix), TestPlatform.class);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == TestPlatform.class || type == Cluster.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context.getStore(STORE).get(parameter.getParameter().getType());
  }

  /** Kept in the store of the whole run, which closes it at the end. */
  private static Cluster cluster(ExtensionContext context) {
    Object found =
        context
            .getRoot()
            .getStore(STORE)
            .getOrComputeIfAbsent(Cluster.class, key -> clusterOrReason());
    if (found instanceof Cluster) {
      return (Cluster) found;
    }
    if (isNeeded()) {
      throw new IllegalStateException("CI=true wants a cluster to test on: " + found);
    }
    return Assumptions.abort("no cluster to test on: " + found);
  }

  /**
   * The reason is kept like the cluster, so that it is looked for once, and printed, for Maven
   * counts skipped tests without one.
   */
  private static Object clusterOrReason() {
    try {
      return ClusterChoice.find();
    } catch (NoClusterException e) {
      if (!isNeeded()) {
        System.err.println("tests on a cluster are SKIPPED: " + e.getMessage());
      }
      return e.getMessage();
    }
  }

  private static boolean isNeeded() {
    return "true".equals(System.getenv("CI")) && !ClusterChoice.isOptional();
  }
}
