/**
 * The one place that talks to the cluster. Every answer or failure of the API server leaves it as a
 * value, or as a {@link com.openfaas.function.cluster.ClusterException} with a problem.
 */
package com.openfaas.function.cluster;
