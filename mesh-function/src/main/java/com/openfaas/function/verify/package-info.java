/** Proves mTLS: who speaks to whom, by what the proxies themselves counted. */
package com.openfaas.function.verify;
