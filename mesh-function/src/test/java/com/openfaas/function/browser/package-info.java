/** The machine's own Chromium, for tests of the page. */
package com.openfaas.function.browser;
