/**
 * The one place that talks to the cluster. Everything the API server may answer, or fail to, comes
 * out of here as a value or as a {@link com.openfaas.function.cluster.ClusterException} with a
 * problem.
 */
package com.openfaas.function.cluster;
