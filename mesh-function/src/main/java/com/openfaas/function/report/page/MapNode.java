package com.openfaas.function.report.page;

/** A box of the map, and the line between it and the gateway. */
final class MapNode {
  final String title;
  final String detail;
  final Look look;
  final Way way;

  MapNode(String title, String detail, Look look, Way way) {
    this.title = title;
    this.detail = detail;
    this.look = look;
    this.way = way;
  }
}
