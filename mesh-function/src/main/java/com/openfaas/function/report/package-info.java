/** From what a run has observed and done to what its caller is told. Pure. */
package com.openfaas.function.report;
