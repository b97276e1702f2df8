/**
 * The ingress controllers in use before an OpenFaaS gateway: how to recognize them, how Linkerd
 * meshes them, and what their routes need. One entry each in {@code controllers.yaml}; how a route
 * reaches the gateway's Service is a {@link com.openfaas.function.ingress.RouteSetting}. Pure: no
 * client, no clock, no environment.
 */
package com.openfaas.function.ingress;
