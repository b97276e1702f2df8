/**
 * Whether the way through the gateway works after its change as it did before; the change is taken
 * back where it does not. Talks to the gateway, and to the cluster through {@code rollout}.
 */
package com.openfaas.function.confirm;
