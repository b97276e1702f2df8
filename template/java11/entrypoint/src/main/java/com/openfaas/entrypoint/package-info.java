/**
 * The process behind of-watchdog: answers HTTP on the loopback address and passes every request to
 * the function's handler.
 *
 * <p>Uses only the JDK's HTTP server and {@code com.openfaas:model}, because every jar slows each
 * cold start. Only {@link com.openfaas.entrypoint.App} reads the environment.
 */
package com.openfaas.entrypoint;
