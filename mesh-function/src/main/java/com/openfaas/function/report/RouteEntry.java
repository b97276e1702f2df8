package com.openfaas.function.report;

/**
 * A route to the gateway, through which controller it comes, and what is set on it for the mesh.
 */
public final class RouteEntry {
  public final String kind;
  public final String namespace;
  public final String name;
  public final String className;

  /** By the name of the controller table; {@code unknown} where it has no such line. */
  public final String controller;

  /** The controller's workload, as {@code kind namespace/name}; empty where it was not found. */
  public final String workload;

  /** What should be set on the route; empty where nothing has to be. */
  public final String setting;

  /** Whether it was set when the run began: {@code set}, {@code missing} or {@code notNeeded}. */
  public final String before;

  public final String after;
  public final Change change;
  public final String message;

  RouteEntry(
      String[] object,
      String[] through,
      String setting,
      String[] status,
      Change change,
      String message) {
    this.kind = object[0];
    this.namespace = object[1];
    this.name = object[2];
    this.className = through[0];
    this.controller = through[1];
    this.workload = through[2];
    this.setting = setting;
    this.before = status[0];
    this.after = status[1];
    this.change = change;
    this.message = message;
  }
}
