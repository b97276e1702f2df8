package com.openfaas.function.platform;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Objects;

/** An AuthorizationPolicy or a ServerAuthorization: the clients that Servers admit. */
public final class Authorization {
  public final String subject;
  private final String namespace;
  private final String server;
  private final Selector servers;
  final Clients clients;
  final String doubt;

  /**
   * For all Servers of a namespace that have the name and the labels.
   *
   * @param server null for any name
   * @param doubt what of it could not be evaluated, or why it has no effect; empty if nothing
   */
  public Authorization(
      String subject,
      String namespace,
      String server,
      Selector servers,
      Clients clients,
      String doubt) {
    this.subject = Objects.requireNonNull(subject);
    this.namespace = Objects.requireNonNull(namespace);
    this.server = server;
    this.servers = Objects.requireNonNull(servers);
    this.clients = Objects.requireNonNull(clients);
    this.doubt = Objects.requireNonNull(doubt);
  }

  public boolean isFor(InboundRules.Server other) {
    return namespace.equals(other.namespace)
        && (server == null || server.equals(other.name))
        && servers.matches(other.labels);
  }

  /** The clients that an authorization admits. */
  public static final class Clients {
    /** One of {@link #identities}: admits clients without an identity, too. */
    public static final String UNAUTHENTICATED = "";

    private final List<String> identities;
    private final List<Cidr> networks;

    /**
     * Clients that have one of the identities and call from one of the networks.
     *
     * @param identities patterns, see {@link Identity#matches}, or {@link #UNAUTHENTICATED}
     * @param networks empty for anywhere
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

  /** An address range, as {@code 10.42.0.0/16}, with exceptions; a single address is one, too. */
  public static final class Cidr {
    public static final Cidr NOWHERE = new Cidr(new byte[0], 0, List.of());

    private final byte[] first;
    private final int prefix;
    private final List<Cidr> except;

    private Cidr(byte[] first, int prefix, List<Cidr> except) {
      this.first = first.clone();
      this.prefix = prefix;
      this.except = List.copyOf(except);
    }

    /** Null if the text is not a range. */
    public static Cidr parse(String text) {
      String[] parts = text.split("/", -1);
      byte[] first = bytes(parts[0]);
      if (first == null || parts.length > 2) {
        return null;
      }
      int most = first.length * Byte.SIZE;
      String given = parts.length == 1 ? String.valueOf(most) : parts[1];
      int prefix = given.matches("\\d{1,3}") ? Integer.parseInt(given) : most + 1;
      return prefix > most ? null : new Cidr(first, prefix, List.of());
    }

    public Cidr except(List<Cidr> ranges) {
      return new Cidr(first, prefix, ranges);
    }

    public boolean contains(String address) {
      byte[] other = bytes(address);
      int rest = first.length * Byte.SIZE - prefix;
      return other != null
          && other.length == first.length
          && new BigInteger(1, first)
              .shiftRight(rest)
              .equals(new BigInteger(1, other).shiftRight(rest))
          && except.stream().noneMatch(range -> range.contains(address));
    }

    /** Parses literals only, since a name would be resolved; null for anything else. */
    private static byte[] bytes(String address) {
      boolean literal =
          address.matches("\\d{1,3}(\\.\\d{1,3}){3}")
              || (address.contains(":") && address.matches("[0-9a-fA-F:.]+"));
      try {
        return literal ? InetAddress.getByName(address).getAddress() : null;
      } catch (UnknownHostException e) {
        return null;
      }
    }
  }
}
