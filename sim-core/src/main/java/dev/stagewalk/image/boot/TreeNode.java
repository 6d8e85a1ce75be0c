package dev.stagewalk.image.boot;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A node of a device tree in the making: properties by name, then nodes below it, in order. */
final class TreeNode {
  private final String name;
  private final Map<String, byte[]> properties = new LinkedHashMap<>();
  private final List<TreeNode> children = new ArrayList<>();

  /**
   * @param name with the unit address: {@code cpu@0}; empty for the root
   */
  TreeNode(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  Map<String, byte[]> properties() {
    return properties;
  }

  List<TreeNode> children() {
    return children;
  }

  /** Adds a node below and returns it. */
  TreeNode node(String child) {
    TreeNode node = new TreeNode(child);
    children.add(node);
    return node;
  }

  /** A property of 32-bit cells. */
  TreeNode cells(String property, long... cells) {
    byte[] value = new byte[4 * cells.length];
    for (int i = 0; i < cells.length; i++) {
      for (int b = 0; b < 4; b++) {
        value[4 * i + b] = (byte) (cells[i] >>> 24 - 8 * b);
      }
    }
    properties.put(property, value);
    return this;
  }

  /** A property of ranges, each an address and a size of two cells. */
  TreeNode ranges(String property, long... addressesAndSizes) {
    long[] cells = new long[2 * addressesAndSizes.length];
    for (int i = 0; i < addressesAndSizes.length; i++) {
      cells[2 * i] = addressesAndSizes[i] >>> 32;
      cells[2 * i + 1] = addressesAndSizes[i] & 0xffff_ffffL;
    }
    return cells(property, cells);
  }

  /** A property of strings. */
  TreeNode texts(String property, String... texts) {
    ByteArrayOutputStream value = new ByteArrayOutputStream();
    for (String text : texts) {
      value.writeBytes(text.getBytes(StandardCharsets.UTF_8));
      value.write(0);
    }
    properties.put(property, value.toByteArray());
    return this;
  }

  /** A property that says all by being there. */
  TreeNode flag(String property) {
    properties.put(property, new byte[0]);
    return this;
  }
}
