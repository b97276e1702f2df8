/**
 * What is known of the ingress controllers people run before an OpenFaaS gateway: one class and one
 * line of {@link com.openfaas.function.ingress.Controllers#TABLE} each, how to tell it, how Linkerd
 * meshes it, and what its routes need. Pure: no client, no clock, no environment.
 */
package com.openfaas.function.ingress;
