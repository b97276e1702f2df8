package com.openfaas.function.report.page;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.w3c.dom.Attr;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** A page read back. It is XML, too, so a parser tells whether it is whole. */
public final class PageDocument {
  private final Document document;

  public PageDocument(String page) {
    try {
      document =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(new InputSource(new StringReader(page)));
    } catch (SAXException | IOException | ParserConfigurationException e) {
      throw new AssertionError("the page is not well-formed", e);
    }
  }

  /** The text of each node found, white space aside. */
  public List<String> texts(String xpath) {
    return nodes(xpath).stream()
        .map(node -> node.getTextContent().strip())
        .collect(Collectors.toUnmodifiableList());
  }

  /** Each row's cells. */
  public List<List<String>> rows(String tableClass) {
    return nodes("//table[@class='" + tableClass + "']/tbody/tr").stream()
        .map(PageDocument::cells)
        .collect(Collectors.toUnmodifiableList());
  }

  /** Its elements with their attributes' names, sorted, without any words. */
  public List<String> shape() {
    List<String> shape = new ArrayList<>();
    for (Node node : nodes("//*")) {
      StringBuilder names = new StringBuilder(((Element) node).getTagName());
      for (int i = 0; i < node.getAttributes().getLength(); i++) {
        names.append(' ').append(((Attr) node.getAttributes().item(i)).getName());
      }
      shape.add(names.toString());
    }
    Collections.sort(shape);
    return shape;
  }

  private static List<String> cells(Node row) {
    List<String> cells = new ArrayList<>();
    for (Node cell = row.getFirstChild(); cell != null; cell = cell.getNextSibling()) {
      cells.add(cell.getTextContent());
    }
    return cells;
  }

  private List<Node> nodes(String xpath) {
    try {
      NodeList found =
          (NodeList)
              XPathFactory.newInstance()
                  .newXPath()
                  .evaluate(xpath, document, XPathConstants.NODESET);
      List<Node> nodes = new ArrayList<>();
      for (int i = 0; i < found.getLength(); i++) {
        nodes.add(found.item(i));
      }
      return nodes;
    } catch (XPathExpressionException e) {
      throw new IllegalArgumentException(xpath, e);
    }
  }
}
