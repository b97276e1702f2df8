/**
 * The whole story of mesh-setup, told to a cluster on which OpenFaaS and Linkerd run and mesh-setup
 * is deployed: build/e2e. Nothing here knows the lab: a kubeconfig and the gateway are all it has.
 */
package com.openfaas.function.e2e;
