/** The report as a page for a browser: elements, the map, the tables. Pure. */
package com.openfaas.function.report.page;
