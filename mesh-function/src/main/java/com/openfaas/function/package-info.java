/** The function: one invocation in, one report out. */
package com.openfaas.function;
