package com.openfaas.function.report.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.report.Report;
import com.openfaas.function.report.WorkloadEntry;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a report says stands on its page, in the map and in tables; and nothing else does. */
class PageTest {
  @ParameterizedTest
  @ValueSource(strings = {"changed", "verified", "blocked"})
  @DisplayName(
      "a document of its own: one h1, headings in order, ids unique, nothing from elsewhere")
  void standsAlone(String name) {
    PageDocument page = new PageDocument(PageCase.of(name).page());
    assertThat(page.texts("//h1")).hasSize(1);
    assertThat(page.texts("//section/h2")).hasSizeGreaterThan(3);
    assertThat(page.texts("//section[not(@aria-labelledby = h2/@id)]")).isEmpty();
    assertThat(page.texts("//@id")).doesNotHaveDuplicates();
    assertThat(page.texts("//script | //@src | //@style | //@*[starts-with(name(), 'on')]"))
        .isEmpty();
    assertThat(page.texts("//@href")).isNotEmpty().allMatch(PageTest::staysHere);
    assertThat(page.texts("//table[not(caption)] | //th[not(@scope)]")).isEmpty();
    assertThat(page.texts("//*[local-name()='svg'][not(@role or @aria-hidden)]")).isEmpty();
  }

  @Test
  @DisplayName("the policy's hash is of the very style on the page, and nothing else is allowed")
  void policyAllowsThisStyleAlone() throws Exception {
    String page = PageCase.of("changed").page();
    String style = page.substring(page.indexOf("<style>") + 7, page.indexOf("</style>"));
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(style.getBytes(StandardCharsets.UTF_8));
    assertThat(Page.POLICY)
        .isEqualTo(
            "default-src 'none'; style-src 'sha256-"
                + Base64.getEncoder().encodeToString(digest)
                + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    assertThat(style).doesNotContain("url(", "@import", "<", "&");
  }

  @Test
  void saysTheOutcomeAndWhatIsNext() {
    PageDocument page = new PageDocument(PageCase.of("changed").page());
    assertThat(page.texts("//h1"))
        .containsExactly(
            "On the mesh: 4 of 6 that can be (2 rolling, 1 opted out, 1 unsupported, 1 idle)");
    assertThat(page.texts("//div[contains(@class, 'outcome')]/@class"))
        .containsExactly("outcome busy");
    assertThat(page.texts("//dl/div[1]/dd")).containsExactly("apply: changed");
    assertThat(page.texts("//div[@class='next']"))
        .containsExactly(
            "Next: Invoke status in a minute to see openfaas-fn/mesh-setup and openfaas/gateway"
                + " meshed, too.");
    assertThat(page.texts("//ul[@class='counts']/li"))
        .containsExactly(
            "rolling 2",
            "unsupported 1",
            "opted out 1",
            "idle 1",
            "meshed 4",
            "enabled 5",
            "restarted 1");
  }

  @Test
  @DisplayName("every workload has a row, what needs somebody first")
  void workloadsHaveRows() {
    Report report = PageCase.of("changed").report();
    PageDocument page = new PageDocument(Page.of(report));
    List<List<String>> rows = page.rows("workloads");
    assertThat(rows)
        .contains(
            List.of("env", "function", "unmeshed \u2192 meshed", "restarted", "0.64 s", "1", ""),
            List.of("nmap", "function", "unsupported", "", "", "1", "hostNetwork is enabled"));
    assertThat(rows.stream().map(row -> row.get(0)))
        .containsExactlyInAnyOrderElementsOf(names(report));
    assertThat(rows.stream().map(row -> row.get(0)))
        .containsSubsequence("mesh-setup", "nmap", "markdown", "sentiment", "env");
    assertThat(page.texts("//caption"))
        .contains("namespace openfaas, 2 workloads", "namespace openfaas-fn, 7 workloads");
  }

  @Test
  @DisplayName("edges as a table, the unproven first; an identity of another domain is whole")
  void edgesHaveRows() {
    PageCase verified = PageCase.of("verified").withViz(false);
    assertThat(new PageDocument(verified.page()).rows("edges"))
        .hasSize(7)
        .startsWith(
            List.of(
                "openfaas/gateway\u2192 openfaas-fn/nodeinfo",
                "plaintext",
                "6",
                "100 %",
                "1.1 ms",
                "2.4 ms",
                "2.4 ms",
                "openfaas-gateway.openfaas\u2192 default.openfaas-fn",
                "the gateway sent 3 of 6 requests without TLS to a pod that has no proxy"));
    PageCase foreign = verified.worded(word -> word.replace("gateway.openfaas.s", "g.openfaas.x"));
    assertThat(new PageDocument(foreign.page()).rows("edges").get(0).get(7))
        .isEqualTo(
            "openfaas-g.openfaas.xerviceaccount.identity.linkerd.cluster.local"
                + "\u2192 default.openfaas-fn");
  }

  @Test
  @DisplayName("viz commands only where viz is known to be installed")
  void tapNeedsViz() {
    PageCase verified = PageCase.of("verified");
    assertThat(new PageDocument(verified.withViz(true).page()).texts("//code"))
        .contains(
            "linkerd viz dashboard",
            "linkerd viz tap deployment/gateway -n openfaas --to deployment/figlet"
                + " --to-namespace openfaas-fn",
            "linkerd viz tap daemonset/ingress-nginx-controller -n ingress-nginx"
                + " --to deployment/gateway --to-namespace openfaas");
    assertThat(verified.withViz(false).page()).doesNotContain("linkerd viz");
    assertThat(verified.withViz(null).page()).doesNotContain("linkerd viz");
  }

  @Test
  @DisplayName("what failed comes first, with its hint; notes are folded away")
  void whatFailedComesFirst() {
    PageDocument page = new PageDocument(PageCase.of("blocked").page());
    assertThat(page.texts("//section[1]/ul/li"))
        .containsExactly(
            "fail: check rehearsal-functiona pod of deployment openfaas-fn/env would get"
                + " without linkerd-proxyDo: see Next",
            "warning: deployment openfaas-fn/nmaphostNetwork is enabledDo: Linkerd cannot mesh it"
                + " as it is; linkerd.io/inject: disabled says so for good",
            "warn: check linkerd-configconfigmap linkerd/linkerd-config: forbiddenDo: kubectl"
                + " apply -f mesh-function/deploy/rbac.yml");
    assertThat(page.texts("//section[1]/details/summary")).containsExactly("1 note");
    assertThat(page.texts("//details/summary")).contains("9 of 14 passed");
    assertThat(page.rows("checks")).hasSize(14);
  }

  @Test
  void routesAndNamespacesHaveRows() {
    PageDocument page = new PageDocument(PageCase.of("verified").page());
    assertThat(page.rows("routes"))
        .containsExactly(
            List.of(
                "Ingress openfaas/openfaas",
                "ingress-nginx, class nginx",
                "DaemonSet ingress-nginx/ingress-nginx-controller",
                "nginx.ingress.kubernetes.io/service-upstream: \"true\"",
                "missing",
                "requests go to pods past the Service"),
            List.of(
                "HTTPRoute openfaas/edge",
                "traefik, class traefik",
                "Deployment traefik/traefik",
                "",
                "not needed",
                ""));
    assertThat(new PageDocument(PageCase.of("changed").page()).rows("namespaces"))
        .containsExactly(List.of("openfaas-fn", "absent \u2192 enabled", "enabled"));
  }

  @Test
  @DisplayName("a function more costs less than 250 bytes, with an edge less than 900")
  void staysSmall() {
    int plain = PageCase.of("changed").page().length();
    assertThat(plain).isLessThan(25_000);
    int verified = PageCase.of("verified").grown(100).page().length();
    assertThat(PageCase.of("verified").grown(500).page().length() - verified).isLessThan(400 * 900);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<script>alert(1)</script>",
        "</style><img src=x onerror=alert(1)>",
        "\" onmouseover=\"alert(1)",
        "' autofocus onfocus='alert(1)",
        "]]>&lt;b&gt;<!--",
        "javascript:alert(1)",
        "\0\u0007\u001b[31m\u009b\u202e\u2028\ud800"
      })
  @DisplayName("no word of others, wherever it stands, becomes more than a word")
  void wordsStayWords(String evil) {
    PageCase verified = PageCase.of("verified");
    PageDocument plain = new PageDocument(verified.worded(word -> word + "-").page());
    String page = verified.worded(word -> word + evil).page();
    PageDocument hostile = new PageDocument(page);
    assertThat(hostile.shape()).isEqualTo(plain.shape());
    assertThat(hostile.texts("//@href")).allMatch(PageTest::staysHere);
    assertThat(page.replace("\n", ""))
        .doesNotContainPattern("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");
  }

  private static boolean staysHere(String href) {
    return href.matches("#[-_a-z]+|\\?action=[a-z]+(&format=[a-z]+)?");
  }

  private static List<String> names(Report report) {
    return report.workloads.stream()
        .map((WorkloadEntry workload) -> workload.name)
        .collect(Collectors.toUnmodifiableList());
  }
}
