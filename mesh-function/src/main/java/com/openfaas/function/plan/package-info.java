/** From the observation to the steps, in order. Pure: the same platform gives the same plan. */
package com.openfaas.function.plan;
