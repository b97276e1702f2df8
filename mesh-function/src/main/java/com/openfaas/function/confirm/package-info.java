/**
 * Whether calls through the gateway work after its change as before; if not, the change is rolled
 * back. Talks to the gateway, and to the cluster through {@code rollout}.
 */
package com.openfaas.function.confirm;
