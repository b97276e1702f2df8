/** Proves mTLS: who calls whom, by what the proxies themselves counted. */
package com.openfaas.function.verify;
