package com.openfaas.function.browser;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * A headless Chromium as Debian packages it. Where browser and driver are is said to Selenium,
 * which would download them otherwise.
 */
public final class Chromium implements AutoCloseable {
  private static final Path BROWSER = Path.of("/usr/bin/chromium");
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");

  private static final List<String> QUIET =
      List.of(
          "--headless=new",
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
          "--hide-scrollbars");

  /** Runs before anything of a page does, and is not subject to the page's policy. */
  private static final String LISTENER =
      "window.violations = [];"
          + "addEventListener('securitypolicyviolation',"
          + " e => violations.push(e.violatedDirective + ' ' + e.blockedURI));";

  /** It warns that it has no class for each command of this version's protocol: none is used. */
  private static final Logger VERSIONS = Logger.getLogger("org.openqa.selenium.devtools");

  private final ChromeDriver driver;
  private final Path profile;

  private Chromium(ChromeDriver driver, Path profile) {
    this.driver = driver;
    this.profile = profile;
  }

  public static boolean isInstalled() {
    return Files.isExecutable(BROWSER) && Files.isExecutable(DRIVER);
  }

  /** Starts it; without one the test is skipped with the reason, or fails where CI=true. */
  public static Chromium startOrSkip() {
    if (!isInstalled()) {
      String reason = "tests of the page need " + BROWSER + " and " + DRIVER;
      if ("true".equals(System.getenv("CI"))) {
        throw new IllegalStateException("CI=true wants a browser: " + reason);
      }
      System.err.println("tests of the page are SKIPPED: " + reason);
      Assumptions.abort(reason);
    }
    return start();
  }

  public static Chromium start() {
    try {
      Path profile = Files.createTempDirectory("mesh-setup-chromium");
      ChromeOptions options = new ChromeOptions();
      options.setBinary(BROWSER.toFile());
      options.addArguments(QUIET);
      options.addArguments("--user-data-dir=" + profile);
      LoggingPreferences logs = new LoggingPreferences();
      logs.enable(LogType.BROWSER, Level.ALL);
      logs.enable(LogType.PERFORMANCE, Level.ALL);
      options.setCapability("goog:loggingPrefs", logs);
      VERSIONS.setLevel(Level.SEVERE);
      System.setProperty(ChromeDriverService.CHROME_DRIVER_EXE_PROPERTY, DRIVER.toString());
      ChromeDriver driver = new ChromeDriver(options);
      driver.manage().timeouts().pageLoadTimeout(Duration.ofMinutes(1));
      driver.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", LISTENER));
      return new Chromium(driver, profile);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Opens a page as a window of that width shows it, and gives what can be seen there.
   *
   * @param width in CSS pixels; below 500 it is a phone
   */
  public Visit open(URI url, int width, boolean dark) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", width < 500));
    Map<String, String> scheme =
        Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light");
    driver.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("features", List.of(scheme)));
    // What was logged so far belongs to the page before.
    driver.manage().logs().get(LogType.BROWSER);
    driver.manage().logs().get(LogType.PERFORMANCE);
    driver.get(url.toString());
    return new Visit(driver);
  }

  @Override
  public void close() {
    driver.quit();
    try (Stream<Path> files = Files.walk(profile)) {
      files
          .sorted(Comparator.reverseOrder())
          .map(Path::toFile)
          .collect(Collectors.toList())
          .forEach(File::delete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
