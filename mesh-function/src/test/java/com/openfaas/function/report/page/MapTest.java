package com.openfaas.function.report.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The map: who is on it, what is drawn between them, and what becomes of it when they are many. */
class MapTest {
  @Test
  @DisplayName("the map: callers, gateway and functions, each with its state in words")
  void mapShowsEverything() {
    PageDocument page = new PageDocument(PageCase.of("verified").page());
    assertThat(boxes(page))
        .containsExactlyInAnyOrder(
            "queue-workermeshed",
            "ingress-nginx-con\u2026meshed, 0/1 routes set",
            "traefiknot checked, 1 route",
            "gatewaymeshed",
            "envmeshed",
            "figletmeshed",
            "markdownoptedOut",
            "nmapunsupported",
            "nodeinfopartial",
            "sentimentidle",
            "mesh-setupmeshed");
    assertThat(page.texts("//*[@id='map-title']")).containsExactly("Map of the mesh");
    assertThat(page.texts("//*[@id='map-desc']").get(0))
        .contains("ingress-nginx-controller", "gateway", "openfaas-fn", "1 partial", "6 meshed");
  }

  @Test
  @DisplayName("a verified edge: the verdict in words and in a line of its own, and its traffic")
  void edgesAreLabelled() {
    PageDocument page = new PageDocument(PageCase.of("verified").page());
    assertThat(page.texts("//*[@class='label']"))
        .hasSize(7)
        .contains("mTLS proven", "plaintext", "no evidence");
    assertThat(page.texts("//*[@class='detail']"))
        .contains("1204 req, p95 13 ms", "4 req, p95 2.21 s", "0 req");
    for (String style : List.of("proven", "plaintext", "noEvidence", "unverified")) {
      assertThat(page.texts("//*[@class='tip " + style + "']")).as(style).isNotEmpty();
    }
    assertThat(page.texts("//ul[@class='key']/li"))
        .contains("mTLS proven", "plaintext", "no evidence", "not verified by this run");
  }

  @Test
  @DisplayName("60 functions are drawn one by one; above, a box for each namespace and state")
  void groupsAboveSixty() {
    assertThat(boxes(new PageDocument(PageCase.of("verified").grown(54).page())))
        .contains("fn-54meshed")
        .hasSize(11 + 54);
    PageDocument many = new PageDocument(PageCase.of("verified").grown(494).page());
    assertThat(boxes(many))
        .contains("497 meshedfunctions", "1 partialfunction", "gatewaymeshed")
        .doesNotContain("fn-54meshed")
        .hasSize(4 + 5);
    assertThat(many.texts("//*[@class='label']")).contains("497 mTLS proven");
    assertThat(many.rows("workloads")).hasSize(10 + 494);
    assertThat(many.rows("edges")).hasSize(7 + 494);
  }

  @Test
  @DisplayName(
      "what is seen beside the gateway is drawn, and said not to be covered; never too much")
  void besideTheGateway() {
    PageDocument page =
        new PageDocument(PageCase.of("verified").beside("nats", "prometheus", "worker").page());
    assertThat(boxes(page))
        .contains("natsnot covered", "prometheusnot covered", "workernot covered")
        .hasSize(11 + 3);
    assertThat(page.texts("//*[@id='map-desc']").get(0))
        .contains("next to it and not covered: nats, prometheus, worker");
    PageDocument many =
        new PageDocument(
            PageCase.of("verified").beside("a", "b", "c", "d", "e", "f", "g", "h").page());
    assertThat(boxes(many)).contains("enot covered", "3 othersnot covered").hasSize(11 + 6);
  }

  @Test
  @DisplayName("who calls past the gateway: an arrow from outside, in words, and a row of a table")
  void callersFromOutside() {
    PageCase called =
        PageCase.of("verified")
            .called("env", "monitoring/prometheus", 12, 0)
            .called("figlet", "", 1, 0)
            .called("figlet", "openfaas-fn/default", 0, 3);
    PageDocument page = new PageDocument(called.page());

    assertThat(page.texts("//*[@class='tip foreign']")).hasSize(2);
    assertThat(page.texts("//*[@class='label']")).contains("monitoring/prometheus", "2 callers");
    assertThat(page.texts("//*[@class='detail']")).contains("12 calls", "1 call, 3 refused");
    assertThat(page.texts("//ul[@class='key']/li")).contains("called past the gateway");
    assertThat(page.texts("//*[@id='map-desc']").get(0))
        .contains("past the gateway: monitoring/prometheus to openfaas-fn/env, without identity");
    assertThat(page.rows("callers")).hasSize(3);
    assertThat(new PageDocument(PageCase.of("verified").page()).texts("//*[@class='tip foreign']"))
        .isEmpty();
    PageDocument many = new PageDocument(called.grown(494).page());
    assertThat(many.texts("//*[@class='label']")).contains("3 callers");
  }

  private static List<String> boxes(PageDocument page) {
    return page.texts("//*[starts-with(@class, 'box ')]");
  }
}
