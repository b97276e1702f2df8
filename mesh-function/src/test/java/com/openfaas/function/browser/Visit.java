package com.openfaas.function.browser;

import com.deque.html.axecore.results.Rule;
import com.deque.html.axecore.selenium.AxeBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;

/** A page that was opened, and what came of it. */
public final class Visit {
  private final ChromeDriver driver;

  Visit(ChromeDriver driver) {
    this.driver = driver;
  }

  /** What the browser's console says, of whatever level. */
  public List<String> console() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .map(LogEntry::getMessage)
        .collect(Collectors.toUnmodifiableList());
  }

  /** What the page tried against its Content-Security-Policy. */
  public List<?> violations() {
    return (List<?>) run("return violations");
  }

  /** The address of every request that was made since the page was asked for. */
  public List<String> requests() {
    return driver.manage().logs().get(LogType.PERFORMANCE).getAll().stream()
        .map(entry -> JsonParser.parseString(entry.getMessage()).getAsJsonObject())
        .map(entry -> entry.getAsJsonObject("message"))
        .filter(m -> m.get("method").getAsString().equals("Network.requestWillBeSent"))
        .map(m -> m.getAsJsonObject("params").getAsJsonObject("request"))
        .map((JsonObject request) -> request.get("url").getAsString())
        .collect(Collectors.toUnmodifiableList());
  }

  /** From the last byte of the answer until everything is laid out and loaded, in milliseconds. */
  public long openedInMillis() {
    Number millis =
        (Number)
            run(
                "document.body.getBoundingClientRect();"
                    + " const [n] = performance.getEntriesByType('navigation');"
                    + " return n.loadEventEnd - n.responseEnd");
    return Math.round(millis.doubleValue());
  }

  /** How far the page goes beyond the window's edge, in CSS pixels. */
  public long overflow() {
    return (Long)
        run(
            "const d = document.documentElement;"
                + " return Math.round(d.scrollWidth - window.innerWidth)");
  }

  /** The texts that are wider than their place, or reach out of the box that holds them. */
  public List<?> cut(String css) {
    return (List<?>)
        driver.executeScript(
            "const ends = e => e.getBoundingClientRect().right;"
                + " return [...document.querySelectorAll(arguments[0])]"
                + ".filter(e => e.scrollWidth > e.clientWidth + 1"
                + " || ends(e) > ends(e.closest('.box')) + 1).map(e => e.textContent)",
            css);
  }

  /** Whether the browser's own search finds the words on the page. */
  public boolean finds(String words) {
    return (Boolean)
        driver.executeScript("return window.find(arguments[0], false, false, true)", words);
  }

  public String text(String css) {
    return driver.findElement(By.cssSelector(css)).getText();
  }

  /** The texts of all elements that match, in one question to the browser. */
  public List<?> texts(String css) {
    return (List<?>)
        driver.executeScript(
            "return [...document.querySelectorAll(arguments[0])].map(e => e.textContent)", css);
  }

  /** The name by which the accessibility tree knows the element. */
  public String accessibleName(String css) {
    return driver.findElement(By.cssSelector(css)).getAccessibleName();
  }

  /** Presses a key and gives the element that has the focus then. */
  public WebElement press(Keys key) {
    new Actions(driver).sendKeys(key).perform();
    return driver.switchTo().activeElement();
  }

  public Visit unfold() {
    run("document.querySelectorAll('details').forEach(d => d.open = true)");
    return this;
  }

  /** What axe-core has against the page, each rule with the places. */
  public List<String> axe() {
    return new AxeBuilder()
        .analyze(driver).getViolations().stream()
            .map(Visit::words)
            .collect(Collectors.toUnmodifiableList());
  }

  /**
   * Takes a picture of the whole page, also of what the window does not show.
   *
   * @param tallest where the picture ends, in CSS pixels, if the page does not end before
   */
  public Visit screenshot(Path png, int tallest) {
    long width = (Long) run("return window.innerWidth");
    long height = (Long) run("return document.documentElement.scrollHeight");
    Map<String, Object> clip =
        Map.of("x", 0, "y", 0, "width", width, "height", Math.min(height, tallest), "scale", 1);
    Map<String, Object> shot =
        driver.executeCdpCommand(
            "Page.captureScreenshot", Map.of("captureBeyondViewport", true, "clip", clip));
    try {
      Files.createDirectories(png.toAbsolutePath().getParent());
      Files.write(png, Base64.getDecoder().decode((String) shot.get("data")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  private Object run(String script) {
    return driver.executeScript(script);
  }

  private static String words(Rule rule) {
    return rule.getId()
        + ": "
        + rule.getNodes().stream()
            .limit(3)
            .map(node -> node.getHtml() + " " + node.getFailureSummary())
            .collect(Collectors.joining("; "));
  }
}
