/**
 * The platform as values: what was seen of workloads, pods, namespaces and the control plane, and
 * what follows from it. Pure: no client, no clock, no environment.
 */
package com.openfaas.function.platform;
