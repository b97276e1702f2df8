package com.openfaas.function.platform;

import java.util.List;

/** Whom an authorization admits. */
public final class Clients {
  public static final Clients NOBODY = new Clients(List.of(), List.of());

  /** Of {@link #identities}: whoever has none, too. */
  public static final String UNAUTHENTICATED = "";

  private final List<String> identities;
  private final List<Cidr> networks;

  /**
   * Who has one of the identities and calls from one of the networks.
   *
   * @param identities patterns, see {@link Identity#matches}, or {@link #UNAUTHENTICATED}
   * @param networks empty: from anywhere
   */
  public Clients(List<String> identities, List<Cidr> networks) {
    this.identities = List.copyOf(identities);
    this.networks = List.copyOf(networks);
  }

  boolean admit(InboundRules.Caller caller) {
    return identities.stream().anyMatch(asked -> isTaken(caller.identity, asked))
        && caller.addresses.stream().allMatch(this::isInside);
  }

  private static boolean isTaken(Identity identity, String asked) {
    return asked.equals(UNAUTHENTICATED) || (identity != null && identity.matches(asked));
  }

  private boolean isInside(String address) {
    return networks.isEmpty() || networks.stream().anyMatch(range -> range.contains(address));
  }
}
