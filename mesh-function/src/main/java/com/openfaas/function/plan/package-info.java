/**
 * From what was seen to what is to be done, in order. Pure: the same platform gives the same plan.
 */
package com.openfaas.function.plan;
