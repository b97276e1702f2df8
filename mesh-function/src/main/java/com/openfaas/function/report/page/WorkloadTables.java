package com.openfaas.function.report.page;

import com.openfaas.function.platform.MeshStatus.State;
import com.openfaas.function.report.Change;
import com.openfaas.function.report.Report;
import com.openfaas.function.report.Report.WorkloadEntry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Everything the map shows and more, to be read: a table for each namespace. */
final class WorkloadTables {
  /** What somebody may have to see to comes first; in each state as in the report. */
  private static final List<State> ORDER =
      List.of(
          State.UNMESHED,
          State.PARTIAL,
          State.ROLLING,
          State.STALE,
          State.UNSUPPORTED,
          State.OPTED_OUT,
          State.IDLE,
          State.MESHED);

  private WorkloadTables() {}

  static List<Element> of(Report report) {
    Map<String, List<WorkloadEntry>> byNamespace = new TreeMap<>();
    for (WorkloadEntry workload : report.workloads) {
      byNamespace.computeIfAbsent(workload.namespace, n -> new ArrayList<>()).add(workload);
    }
    List<Element> tables = new ArrayList<>();
    byNamespace.forEach((namespace, workloads) -> tables.add(table(namespace, workloads)));
    return tables.isEmpty() ? List.of() : List.of(Section.of("workloads", "Workloads", tables));
  }

  private static Element table(String namespace, List<WorkloadEntry> workloads) {
    String count = Figures.count(workloads.size(), "workload", "workloads");
    Content caption = Content.words("namespace " + namespace + ", " + count);
    Table table = new Table(caption, "Name", "Role", "State", "Change", "Time", "Pods", "Why");
    workloads.stream()
        .sorted(Comparator.comparing(workload -> ORDER.indexOf(workload.after)))
        .forEach(workload -> row(table, workload));
    return table.element("workloads");
  }

  private static void row(Table table, WorkloadEntry workload) {
    Look look = Look.of(workload.after);
    boolean same = workload.before == null || workload.before == workload.after;
    table.row(
        Content.words(workload.name),
        Content.words(workload.role),
        look.word(same ? workload.after : workload.before + " \u2192 " + workload.after),
        Content.words(workload.change == Change.NONE ? "" : workload.change),
        Content.words(workload.seconds > 0 ? Figures.seconds(workload.seconds) : ""),
        Content.words(workload.replicas),
        Content.words(workload.message));
  }
}
