package com.openfaas.function.e2e;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What was there before anything was done, against what is there later. */
final class Comparison {
  private final OpenFaas platform;
  private final Bundle bundle;
  private final Snapshot before;

  /** What changes by itself, and so is not compared. */
  private final Set<String> changing = new TreeSet<>();

  Comparison(OpenFaas platform, Bundle bundle) {
    this.platform = platform;
    this.bundle = bundle;
    this.before = now();
  }

  Snapshot now() {
    return Snapshot.of(platform.client, platform.namespaces);
  }

  /** Where nobody has done anything since, what is different changes by itself. */
  String settle() {
    Snapshot now = now();
    changing.addAll(before.differences(now).keySet());
    return now.size()
        + " objects compared"
        + (changing.isEmpty() ? "" : "; not checked any more, for they change: " + changing)
        + (now.unread.isEmpty() ? "" : "; not readable: " + now.unread);
  }

  String requireAsBefore() {
    requireEqual(before);
    return before.size() - changing.size() + " objects are as they were";
  }

  void requireEqual(Snapshot then) {
    Map<String, List<String>> differences = then.differences(now());
    differences.keySet().removeAll(changing);
    if (!differences.isEmpty()) {
      String told =
          differences.entrySet().stream()
              .map(each -> each.getKey() + "\n  " + String.join("\n  ", each.getValue()))
              .collect(Collectors.joining("\n"));
      bundle.write("differences.txt", told);
      throw new Unexpected("different: " + told);
    }
  }
}
