/** Checks, before anything is touched, that what the plan is about to do will work. */
package com.openfaas.function.preflight;
