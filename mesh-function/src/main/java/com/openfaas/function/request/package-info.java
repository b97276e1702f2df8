/**
 * What a caller asked for. Pure: reads an {@code IRequest}, gives an {@link
 * com.openfaas.function.request.Invocation} or every fault of the request at once.
 */
package com.openfaas.function.request;
