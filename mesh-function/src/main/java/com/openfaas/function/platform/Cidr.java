package com.openfaas.function.platform;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** A range of addresses, as {@code 10.42.0.0/16}, less some; an address is a range of one. */
public final class Cidr {
  private final byte[] first;
  private final int prefix;
  private final List<Cidr> except;

  private Cidr(byte[] first, int prefix, List<Cidr> except) {
    this.first = first.clone();
    this.prefix = prefix;
    this.except = List.copyOf(except);
  }

  /** Null where the text is none. */
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

  /** Of literals only, for a name would be looked up; null: none, or not a valid one. */
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
