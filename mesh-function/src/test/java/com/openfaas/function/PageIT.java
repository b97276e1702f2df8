package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.browser.Chromium;
import com.openfaas.function.browser.Visit;
import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.FunctionProcess;
import com.openfaas.function.lab.TestPlatform;
import com.openfaas.function.report.page.PageCase;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

@ExtendWith(ClusterExtension.class)
@DisplayName("The page in a browser, from the function as a process")
class PageIT {
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");
  private static final int DESK = 1200;
  private static final int PHONE = 390;

  /** Screenshots end here, lest those of long tables be nothing but long. */
  private static final int TALLEST = 3000;

  private static TestPlatform platform;
  private static Chromium chromium;
  private static FunctionProcess function;

  @BeforeAll
  static void install(TestPlatform given) throws Exception {
    chromium = Chromium.startOrSkip();
    platform = given.installWithLinkerd();
    Map<String, String> environment = new HashMap<>(platform.functionEnvironment());
    environment.put("exec_timeout", "300s");
    function = FunctionProcess.start(FunctionProcess.TEMPLATE, environment);
    assertThat(function.invoke("POST", "", "").body()).contains("\"outcome\": \"changed\"");
    // While a run is under way, the page has itself loaded again.
    platform.awaitTheEnd();
  }

  @AfterAll
  static void end() {
    if (function != null) {
      function.close();
    }
    if (chromium != null) {
      chromium.close();
    }
  }

  @Test
  @DisplayName("6, 60 and 500 functions: whole, alone, readable and quick")
  void opensAtAnySize() throws Exception {
    StringBuilder table = new StringBuilder("functions    page       opened in\n");
    int functions = 6;
    for (int size : new int[] {6, 60, 500}) {
      // The namespace is annotated by now, so these start with a proxy.
      platform.addFunctions(functions - 5, size - 6);
      functions = size;
      platform.awaitSettled(Duration.ofMinutes(10));
      Visit visit = chromium.open(function.url(), DESK, false);
      table.append(
          String.format(
              "%9d  %4d KB  %8d ms%n",
              size, function.page().body().length() / 1024, visit.openedInMillis()));
      holds(visit, size);
      if (size > 60) {
        looksWellWithMany("status-" + size, function.url());
      } else {
        looksWellEverywhere("status-" + size, function.url());
      }
    }
    System.out.print(table);
  }

  @Test
  @DisplayName("a verified platform, of 6 functions and of 500: as whole, alone and readable")
  void showsEdges() throws Exception {
    try (CannedPages pages = new CannedPages()) {
      URI few = pages.serve("/few", PageCase.of("verified").report());
      Visit visit = chromium.open(few, DESK, false);
      assertThat(visit.accessibleName(".map")).contains("Map of the mesh");
      assertThat(visit.texts(".map .edge").stream().map(Object::toString))
          .contains(
              "mTLS proven; 1204 requests, 99.9 %, p95 13 ms",
              "plaintext; 6 requests, 100 %, p95 2.4 ms");
      looksWellEverywhere("verified", few);
      URI many = pages.serve("/many", PageCase.of("verified").withViz(false).grown(494).report());
      isFoundAmongMany(many);
      looksWellWithMany("verified-500", many);
    }
  }

  /** The browser's search sees what is folded, and opens it; it passes over what is hidden. */
  private static void isFoundAmongMany(URI url) {
    Visit visit = chromium.open(url, DESK, false);
    assertThat(visit.texts("details[open]")).isEmpty();
    assertThat(visit.finds("fn-345")).isTrue();
    assertThat(visit.finds("fn-495")).isFalse();
  }

  @Test
  @DisplayName("by keyboard: the first key shows the skip link, which leads to the report")
  void canBeUsedByKeyboard() {
    Visit visit = chromium.open(function.url(), DESK, false);
    WebElement skip = visit.press(Keys.TAB);
    assertThat(skip.getText()).isEqualTo("Skip to the report");
    assertThat(skip.getLocation().x).isNotNegative();
    assertThat(skip.getCssValue("outline-style")).isEqualTo("solid");
    assertThat(visit.press(Keys.ENTER).getAttribute("id")).isEqualTo("report");
    assertThat(visit.press(Keys.TAB).getTagName()).isEqualTo("summary");
  }

  @Test
  @DisplayName("the policy forbids a browser everything but the page's style")
  void isSentWithItsPolicy() throws Exception {
    HttpResponse<String> page = function.page();
    assertThat(header(page, "Content-Type")).isEqualTo("text/html; charset=utf-8");
    assertThat(header(page, "Cache-Control")).isEqualTo("no-store");
    assertThat(header(page, "X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(header(page, "Content-Security-Policy"))
        .startsWith("default-src 'none'; style-src 'sha256-")
        .endsWith("'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
  }

  /** Every function has its row and, of less than 60, its box. */
  private static void holds(Visit visit, int size) {
    // A run may still be under way, which is then told first.
    assertThat(visit.text("h1")).containsIgnoringCase("on the mesh: ");
    assertThat(visit.accessibleName(".map")).contains("Map of the mesh");
    List<String> names = names(size);
    assertThat(visit.texts(".workloads tbody th").stream().map(Object::toString))
        .containsAll(names)
        .hasSize(names.size() + 3);
    if (size < 60) {
      assertThat(visit.texts(".box .name").stream().map(Object::toString)).containsAll(names);
    } else {
      assertThat(visit.texts(".box .name").stream().map(Object::toString))
          .contains(size - 2 + " meshed");
    }
  }

  private static List<String> names(int size) {
    List<String> names =
        IntStream.rangeClosed(1, size - 6)
            .mapToObj(i -> "fn-" + i)
            .collect(Collectors.toCollection(ArrayList::new));
    names.addAll(List.of("env", "figlet", "markdown", "nmap", "nodeinfo", "sentiment"));
    return names;
  }

  /** At both widths, light and dark. */
  private static void looksWellEverywhere(String name, URI url) {
    SoftAssertions all = new SoftAssertions();
    for (int width : new int[] {DESK, PHONE}) {
      looksWell(all, name, url, width, false);
      looksWell(all, name, url, width, true);
    }
    all.assertAll();
  }

  /** Rows by the hundred are all alike, and take axe long. */
  private static void looksWellWithMany(String name, URI url) {
    SoftAssertions all = new SoftAssertions();
    looksWell(all, name, url, DESK, false);
    looksWell(all, name, url, PHONE, true);
    all.assertAll();
  }

  /** No error, nothing loaded, nothing cut off, nothing that axe minds. */
  private static void looksWell(SoftAssertions all, String name, URI url, int width, boolean dark) {
    String as = name + "-" + width + (dark ? "-dark" : "-light");
    Visit visit =
        chromium.open(url, width, dark).screenshot(SCREENSHOTS.resolve(as + ".png"), TALLEST);
    all.assertThat(visit.requests()).as(as).containsExactly(url.toString());
    all.assertThat(visit.overflow()).as(as).isLessThanOrEqualTo(0);
    all.assertThat(visit.cut(".map .words > *")).as(as).isEmpty();
    all.assertThat(visit.unfold().overflow()).as(as + ", unfolded").isLessThanOrEqualTo(0);
    all.assertThat(visit.violations()).as(as).isEmpty();
    all.assertThat(visit.console()).as(as).isEmpty();
    all.assertThat(visit.axe()).as(as).isEmpty();
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }
}
