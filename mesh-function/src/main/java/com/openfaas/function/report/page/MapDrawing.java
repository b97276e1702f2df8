package com.openfaas.function.report.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Gives everything on the map its place: callers on the left, the gateway, the functions in a frame
 * for each namespace. One line leads down each column of functions and branches off to each.
 * Lengths are in CSS pixels.
 */
final class MapDrawing {
  private static final int CALLER = 184;
  private static final int GATEWAY = 160;
  private static final int FUNCTION = 172;

  /** Beside a function, for who calls it from outside. */
  private static final int OUTSIDE = 150;

  private static final int HEIGHT = 42;
  private static final int ROW = 54;
  private static final int MARGIN = 8;

  /** From a frame's upper edge to the line that comes in below its name. */
  private static final int BUS = 40;

  /** A column of more functions than these becomes two, then three. */
  private static final int LONG = 4;

  private final MeshMap map;
  private final boolean labelled;
  private final List<Content> frames = new ArrayList<>();
  private final List<Content> lines = new ArrayList<>();
  private final List<Content> boxes = new ArrayList<>();

  MapDrawing(MeshMap map, boolean labelled) {
    this.map = map;
    this.labelled = labelled;
  }

  Element element(String description) {
    int start = callers();
    int trunk = start + GATEWAY + 24;
    if (map.gateway != null) {
      box(map.gateway, start, MARGIN + BUS - HEIGHT / 2, GATEWAY);
      line("way", "M" + (start + GATEWAY) + " " + (MARGIN + BUS) + "H" + trunk);
    }
    int under = beside(start);
    int width = trunk;
    int top = MARGIN;
    int last = top + BUS;
    for (Map.Entry<String, List<MapNode>> namespace : map.functions.entrySet()) {
      last = top + BUS;
      width = Math.max(width, frame(namespace.getKey(), namespace.getValue(), trunk, top));
      top += BUS + rows(namespace.getValue()) * ROW + 2 * MARGIN + 12;
    }
    if (map.gateway != null) {
      line("way", "M" + trunk + " " + (MARGIN + BUS) + "V" + last);
    }
    int height = Math.max(Math.max(top, under), MARGIN + BUS + map.callers.size() * ROW);
    List<Content> all = new ArrayList<>();
    all.add(Element.of("title", "Map of the mesh").with("id", "map-title"));
    all.add(Element.of("desc", description).with("id", "map-desc"));
    all.addAll(frames);
    all.addAll(lines);
    all.addAll(boxes);
    return Element.of("svg", all)
        .classed("map")
        .with("role", "img")
        .with("aria-labelledby", "map-title map-desc")
        .with("width", width + 2)
        .with("height", height)
        .with("viewBox", "-1 0 " + (width + 2) + " " + height);
  }

  /** Gives the gateway's left edge. */
  private int callers() {
    if (map.callers.isEmpty()) {
      return 0;
    }
    int centre = MARGIN + BUS;
    int joint = CALLER + (labelled ? 132 : 30);
    int y = centre;
    for (MapNode caller : map.callers) {
      box(caller, 0, y - HEIGHT / 2, CALLER);
      way(caller.way, CALLER, joint, y);
      y += ROW;
    }
    line("way", "M" + joint + " " + centre + "V" + (y - ROW));
    arrow(map.callers.get(0).way.style(), joint, joint + 18, centre);
    return joint + 18;
  }

  /** Below the gateway; gives the lower edge of the last. */
  private int beside(int left) {
    int y = MARGIN + BUS + ROW;
    for (MapNode node : map.beside) {
      box(node, left, y - HEIGHT / 2, GATEWAY);
      y += ROW;
    }
    return map.beside.isEmpty() ? 0 : y;
  }

  /** Gives the frame's right edge. */
  private int frame(String namespace, List<MapNode> nodes, int trunk, int top) {
    int left = trunk + 14;
    int bus = top + BUS;
    int rows = rows(nodes);
    int columns = Math.max(1, (nodes.size() + rows - 1) / rows);
    int pitch = branch() + FUNCTION + 18 + (map.hasStrangers() ? OUTSIDE : 0);
    int width = 18 + columns * pitch;
    frames.add(rect(left, top, width, BUS + rows * ROW + 2 * MARGIN).classed("frame"));
    boxes.add(text("name", left + 14, top + 24, "namespace " + namespace));
    for (int i = 0; i < nodes.size(); i++) {
      int x = left + 18 + i / rows * pitch;
      int y = bus + MARGIN + i % rows * ROW + HEIGHT / 2;
      way(nodes.get(i).way, x, x + branch() - 8, y);
      arrow(nodes.get(i).way.style(), x + branch() - 8, x + branch(), y);
      box(nodes.get(i), x + branch(), y - HEIGHT / 2, FUNCTION);
      strangers(nodes.get(i), x + branch() + FUNCTION, y);
      boolean lowest = i % rows == rows - 1 || i == nodes.size() - 1;
      if (lowest) {
        line("way", "M" + trunk + " " + bus + "H" + x + "V" + y);
      }
    }
    if (nodes.isEmpty()) {
      boxes.add(text("detail", left + 18, bus + 22, "no functions"));
    }
    return left + width;
  }

  private int branch() {
    if (!labelled) {
      return 30;
    }
    return map.grouped ? 240 : 132;
  }

  private int rows(List<MapNode> nodes) {
    int most = labelled ? 2 : 3;
    int columns = Math.min(most, (nodes.size() + LONG - 1) / LONG);
    return Math.max(1, columns == 0 ? 1 : (nodes.size() + columns - 1) / columns);
  }

  /** A line with its verdict above and its traffic below. */
  private void way(Way way, int from, int to, int y) {
    line("way " + way.style(), "M" + from + " " + y + "H" + to);
    if (way.mtls != null) {
      Look look = Look.of(way.mtls);
      Element icon = look.icon.at(from + 8, y - 18, 12);
      boxes.add(Element.of("g", icon).classed(look.tone.toString()));
      boxes.add(text("label", from + 24, y - 7, way.verdict));
      boxes.add(text("detail", from + 8, y + 15, way.traffic));
    }
  }

  /** An arrow from outside, past the gateway, into the right edge of a function. */
  private void strangers(MapNode node, int edge, int y) {
    if (!node.callers.isEmpty()) {
      line("way foreign", "M" + (edge + OUTSIDE) + " " + y + "H" + (edge + 6));
      line("tip foreign", "M" + edge + " " + y + "l8-5v10z");
      boxes.add(text("label", edge + 14, y - 7, shortened(node.caller(), OUTSIDE / 6)));
      boxes.add(text("detail", edge + 14, y + 15, shortened(node.calls(), OUTSIDE / 6)));
    }
  }

  private void arrow(String style, int from, int to, int y) {
    line("way " + style, "M" + from + " " + y + "H" + (to - 6));
    line("tip " + style, "M" + to + " " + y + "l-8-5v10z");
  }

  private void box(MapNode node, int x, int y, int width) {
    int room = width - 40;
    boxes.add(
        Element.of(
                "g",
                rect(x, y, width, HEIGHT),
                node.look.icon.at(x + 10, y + 13, 16),
                text("name", x + 34, y + 18, shortened(node.title, room / 8)),
                text("detail", x + 34, y + 33, shortened(node.detail, room / 6)))
            .classed("box " + node.look.tone));
  }

  private void line(String classes, String path) {
    lines.add(Element.of("path").classed(classes).with("d", path));
  }

  private static Element rect(int x, int y, int width, int height) {
    return Element.of("rect")
        .with("x", x)
        .with("y", y)
        .with("width", width)
        .with("height", height)
        .with("rx", 8);
  }

  private static Element text(String classes, int x, int y, String words) {
    return Element.of("text", words).classed(classes).with("x", x).with("y", y);
  }

  /** The tables have it whole. */
  private static String shortened(String words, int letters) {
    return words.length() <= letters ? words : words.substring(0, letters - 1) + "\u2026";
  }
}
