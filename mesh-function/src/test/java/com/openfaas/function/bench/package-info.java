/**
 * How fast and how small the function is, measured on the lab; started by build/bench. Nothing here
 * is a test: a figure depends on the machine, so no build fails on one.
 */
package com.openfaas.function.bench;
