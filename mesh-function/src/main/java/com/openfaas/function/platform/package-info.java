/**
 * The platform as values: workloads, pods, namespaces and the control plane as observed, and what
 * follows from them. Pure: no client, no clock, no environment.
 */
package com.openfaas.function.platform;
