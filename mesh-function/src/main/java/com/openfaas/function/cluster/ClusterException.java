package com.openfaas.function.cluster;

import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.Problem;

/** The API server refused, failed, or could not be reached. */
public final class ClusterException extends Exception {
  private static final long serialVersionUID = 1L;

  public final transient Problem problem;

  public ClusterException(Problem problem, Throwable cause) {
    super(problem.toString(), cause);
    this.problem = problem;
  }

  /** Whether every other request would fail too: the cause is the API server or our account. */
  public boolean concernsEveryRequest() {
    return problem.concernsEveryRequest() || problem.is(Code.TIME_OVER);
  }

  /**
   * The problem as a read error of one part of an observation; rethrown if every other request
   * would fail too.
   */
  public Problem readError() throws ClusterException {
    if (concernsEveryRequest()) {
      throw this;
    }
    return problem;
  }

  /** One line for a log, with the hint. */
  public String told() {
    String all = problem.message + "; " + problem.hint;
    return new Problem(problem.code, problem.subject, all, "").toString();
  }

  /** The problem of a request that ran out of time; any other is rethrown. */
  public Problem whereTimeIsOver() throws ClusterException {
    if (!problem.is(Code.TIME_OVER)) {
      throw this;
    }
    return problem;
  }
}
