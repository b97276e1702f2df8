/**
 * What the cluster tests stand on: a cluster, a platform of its own for each test class, and a fake
 * of Linkerd's proxy-injector. Everything else is a real Kubernetes control plane.
 */
package com.openfaas.function.lab;
