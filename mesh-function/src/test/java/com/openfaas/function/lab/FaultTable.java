package com.openfaas.function.lab;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** What came of each fault in this run of tests: one table, printed when the run is over. */
public final class FaultTable implements AutoCloseable {
  private static final List<Row> ROWS = new ArrayList<>();

  FaultTable() {}

  /**
   * Notes what a test has shown.
   *
   * @param number the fault's, by which the table is sorted
   * @param outcome of the run that met the fault
   * @param seconds that run took
   */
  public static synchronized void row(int number, String fault, String outcome, double seconds) {
    ROWS.add(new Row(number, fault, outcome, seconds));
  }

  @Override
  public void close() {
    synchronized (FaultTable.class) {
      ROWS.sort(Comparator.comparing(row -> row.number));
      ROWS.forEach(row -> System.out.println(row));
    }
  }

  private static final class Row {
    private final int number;
    private final String fault;
    private final String outcome;
    private final double seconds;

    Row(int number, String fault, String outcome, double seconds) {
      this.number = number;
      this.fault = fault;
      this.outcome = outcome;
      this.seconds = seconds;
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT, "fault %2d | %-60s | %-10s | %5.1f s", number, fault, outcome, seconds);
    }
  }
}
