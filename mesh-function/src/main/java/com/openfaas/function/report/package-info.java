/** From what a run has seen and done to what its caller is told. Pure. */
package com.openfaas.function.report;
