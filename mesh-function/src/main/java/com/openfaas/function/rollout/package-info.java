/** Carries out a plan wave by wave, and waits for what it started, within the budget. */
package com.openfaas.function.rollout;
