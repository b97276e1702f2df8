/** Reads the cluster and makes values of it: the whole platform at one moment, and its changes. */
package com.openfaas.function.observe;
