/**
 * What a caller asked for. Pure: reads an {@code IRequest}, returns an {@link
 * com.openfaas.function.request.Invocation} or all faults of the request at once.
 */
package com.openfaas.function.request;
