/**
 * The operator's settings in stack.yml's environment. Pure: reads a map, never the process's own.
 */
package com.openfaas.function.policy;
