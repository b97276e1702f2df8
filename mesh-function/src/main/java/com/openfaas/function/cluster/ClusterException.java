package com.openfaas.function.cluster;

import com.openfaas.function.platform.Problem;

/** The API server refused, failed, or could not be reached. */
public final class ClusterException extends Exception {
  private static final long serialVersionUID = 1L;

  public final transient Problem problem;

  public ClusterException(Problem problem, Throwable cause) {
    super(problem.toString(), cause);
    this.problem = problem;
  }
}
