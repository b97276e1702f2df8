package com.openfaas.function.report.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The map: who is on it, what is drawn between them, and what becomes of it when they are many. */
class MapTest {
  @Test
  @DisplayName("the map: callers, gateway and functions, each with its state in words, and why")
  void mapShowsEverything() {
    PageDocument page = new PageDocument(PageCase.of("verified").page());
    assertThat(boxes(page))
        .containsExactlyInAnyOrder(
            "queue-worker: meshed",
            "ingress-nginx-controller: meshed, 0/1 routes set",
            "traefik: not checked, 1 route",
            "gateway: meshed",
            "env: meshed",
            "figlet: meshed",
            "markdown: opted out: pod has the annotation \"linkerd.io/inject:disabled\"",
            "nmap: unsupported: hostNetwork is enabled",
            "nodeinfo: partial: 1 of 2 ready pods has no proxy",
            "sentiment: idle: no replicas are desired",
            "mesh-setup: meshed");
    assertThat(page.texts("//*[@class='map']/@aria-label")).containsExactly("Map of the mesh");
    assertThat(page.texts("//*[@class='frame']/h3")).containsExactly("namespace openfaas-fn");
    assertThat(page.texts("//ul[@class='key']/li"))
        .contains("opted out: it says linkerd.io/inject: disabled, which is respected");
  }

  @Test
  @DisplayName("a verified edge: verdict and live figures in words, and a line of its own")
  void edgesAreTold() {
    PageDocument page = new PageDocument(PageCase.of("verified").page());
    assertThat(page.texts("//*[starts-with(@class, 'edge ')]"))
        .hasSize(7)
        .contains(
            "mTLS proven; 1204 requests, 99.9 %, p95 13 ms",
            "plaintext; 6 requests, 100 %, p95 2.4 ms",
            "mTLS proven; 4 requests, 100 %, p95 2.21 s",
            "no evidence; 0 requests");
    for (String style : List.of("proven", "plaintext", "noEvidence", "unverified")) {
      assertThat(page.texts("//li[@class='way " + style + "']")).as(style).isNotEmpty();
    }
    assertThat(page.texts("//ul[@class='key']/li"))
        .contains("mTLS proven", "plaintext", "no evidence", "not verified");
  }

  @Test
  @DisplayName("59 functions have a box each; from 60 on, those that are alike share one, folded")
  void groupsAboveSixty() {
    PageCase verified = PageCase.of("verified");
    assertThat(boxes(new PageDocument(verified.grown(53).page())))
        .contains("fn-53: meshed")
        .hasSize(11 + 53);
    PageDocument many = new PageDocument(verified.grown(494).page());
    assertThat(boxes(many))
        .contains("497 meshed: functions", "nodeinfo: partial: 1 of 2 ready pods has no proxy")
        .doesNotContain("fn-54: meshed")
        .hasSize(4 + 5);
    assertThat(many.texts("//details/summary//*[starts-with(@class, 'edge ')]"))
        .containsExactly("497 mTLS proven; 2693 requests, 99.9 %, p95 2.21 s");
    assertThat(many.texts("//details[starts-with(@class, 'box ')][not(@open)]/ul/li"))
        .contains("env", "fn-1", "fn-494")
        .hasSize(497);
    assertThat(many.texts("//details[not(@open)]//table[@class='workloads']/tbody/tr/th"))
        .contains("env", "fn-1", "fn-494")
        .doesNotContain("nodeinfo");
    assertThat(many.rows("workloads")).hasSize(10 + 494);
    assertThat(many.texts("//details[not(@open)]//table[@class='edges']/tbody/tr")).hasSize(498);
    assertThat(many.rows("edges")).hasSize(7 + 494);
  }

  @Test
  @DisplayName("on a large platform what is not as it should be has a box of its own, up to 12")
  void neverHidesWhatIsWrong() {
    PageCase many = PageCase.of("verified").grown(494);
    PageDocument page = new PageDocument(many.called("fn-7", "", 3, 0).page());
    assertThat(boxes(page)).contains("fn-7: meshed", "496 meshed: functions");
    PageDocument unmeshed = new PageDocument(many.with("unmeshed", 13).page());
    assertThat(boxes(unmeshed)).contains("13 unmeshed: functions", "484 meshed: functions");
  }

  @Test
  @DisplayName(
      "what is seen beside the gateway is drawn, and said not to be covered; never too much")
  void besideTheGateway() {
    PageDocument page =
        new PageDocument(PageCase.of("verified").beside("nats", "prometheus", "worker").page());
    assertThat(boxes(page))
        .contains("nats: not covered", "prometheus: not covered", "worker: not covered")
        .hasSize(11 + 3);
    assertThat(page.texts("//ul[@class='beside']/@aria-label"))
        .containsExactly("Next to the gateway, and not covered");
    PageDocument many =
        new PageDocument(
            PageCase.of("verified").beside("a", "b", "c", "d", "e", "f", "g", "h").page());
    assertThat(boxes(many)).contains("e: not covered", "3 others: not covered").hasSize(11 + 6);
  }

  @Test
  @DisplayName("who calls past the gateway: in words in its function's box, and a row of a table")
  void callersFromOutside() {
    PageCase called =
        PageCase.of("verified")
            .called("env", "monitoring/prometheus", 12, 0)
            .called("figlet", "", 1, 0)
            .called("figlet", "openfaas-fn/default", 0, 3);
    PageDocument page = new PageDocument(called.page());

    assertThat(page.texts("//*[@class='edge warn']"))
        .contains(
            "past the gateway: monitoring/prometheus, 12 calls",
            "past the gateway: 2 callers, 1 call, 3 refused");
    assertThat(page.rows("callers")).hasSize(3);
    assertThat(PageCase.of("verified").page()).doesNotContain("past the gateway");
  }

  private static List<String> boxes(PageDocument page) {
    String box = "//*[starts-with(@class, 'box ')]//*[@class='%s']";
    List<String> names = page.texts(String.format(box, "name"));
    List<String> details = page.texts(String.format(box, "detail"));
    List<String> boxes = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      boxes.add(names.get(i) + ": " + details.get(i));
    }
    return boxes;
  }
}
