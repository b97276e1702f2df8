/** Reads the cluster into values: the whole platform at one moment, and its changes. */
package com.openfaas.function.observe;
