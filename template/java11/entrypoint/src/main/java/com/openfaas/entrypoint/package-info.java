/**
 * The process behind of-watchdog: answers HTTP on the loopback address and hands every request to
 * the function's handler.
 *
 * <p>Uses the JDK's own HTTP server and {@code com.openfaas:model}, nothing else, because every jar
 * is paid for at each cold start. Only {@link com.openfaas.entrypoint.App} reads the environment.
 */
package com.openfaas.entrypoint;
