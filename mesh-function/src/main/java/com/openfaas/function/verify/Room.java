package com.openfaas.function.verify;

import java.util.function.Predicate;

/** What one pod's metrics may tell, in bytes, and how much of it stays until all is judged. */
final class Room {
  /**
   * A gateway's proxy tells some 17 KiB of each function it has called, 385 KB beside that; kept
   * are 2 KiB of each. It is the operator's.
   */
  static final Room OF_GATEWAY =
      new Room(64L * 1024 * 1024, 6L * 1024 * 1024, 0.19, series -> true);

  /**
   * A function's proxy tells some 220 KB, of which 5 KiB are kept. Its pod, and the port that is
   * asked, are a tenant's: what answers there may tell anything, without end.
   */
  static final Room OF_FUNCTION =
      new Room(2L * 1024 * 1024, 16L * 1024, 0.38, Series::tellsOfCallers);

  /** The same, where only its callers are asked for: 1 KiB, beside the verify that may go on. */
  static final Room OF_CALLERS =
      new Room(2L * 1024 * 1024, 16L * 1024, 0.06, Series::tellsOfJudgement);

  final long read;
  final Predicate<Series> wanted;
  private final long kept;
  private final double ofHeap;

  /**
   * @param kept bytes of one pod
   * @param ofHeap what all such pods share: of the 32 MiB of jvm.options, 12, 6 and 2 MiB
   */
  private Room(long read, long kept, double ofHeap, Predicate<Series> wanted) {
    this.read = read;
    this.kept = kept;
    this.ofHeap = ofHeap;
    this.wanted = wanted;
  }

  long kept(long heap, long readings) {
    return Math.min(kept, (long) (heap * ofHeap) / readings);
  }
}
