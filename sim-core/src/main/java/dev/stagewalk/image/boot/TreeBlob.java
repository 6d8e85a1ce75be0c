package dev.stagewalk.image.boot;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * A device tree as the flat blob that an image is handed.
 *
 * <p>Source: Devicetree Specification 0.4, "Flattened Devicetree (DTB) Format".
 */
final class TreeBlob {
  static final int MAGIC = 0xd00d_feed;
  static final int HEADER = 40;
  static final int BEGIN_NODE = 1;
  static final int END_NODE = 2;
  static final int PROP = 3;
  static final int NOP = 4;
  static final int END = 9;
  private static final int VERSION = 17;
  private static final int COMPATIBLE_VERSION = 16;

  /** The memory reservation block with only its end. */
  private static final int RESERVATIONS = 16;

  private final ByteArrayOutputStream structure = new ByteArrayOutputStream();
  private final ByteArrayOutputStream strings = new ByteArrayOutputStream();
  private final Map<String, Integer> offsets = new HashMap<>();

  private TreeBlob() {}

  static byte[] of(TreeNode root) {
    return new TreeBlob().write(root);
  }

  private byte[] write(TreeNode root) {
    node(root);
    word(structure, END);
    int structureAt = HEADER + RESERVATIONS;
    int stringsAt = structureAt + structure.size();
    ByteArrayOutputStream blob = new ByteArrayOutputStream();
    int[] header = {
      MAGIC,
      stringsAt + strings.size(),
      structureAt,
      stringsAt,
      HEADER,
      VERSION,
      COMPATIBLE_VERSION,
      0,
      strings.size(),
      structure.size()
    };
    for (int field : header) {
      word(blob, field);
    }
    blob.writeBytes(new byte[RESERVATIONS]);
    blob.writeBytes(structure.toByteArray());
    blob.writeBytes(strings.toByteArray());
    return blob.toByteArray();
  }

  private void node(TreeNode node) {
    word(structure, BEGIN_NODE);
    structure.writeBytes(node.name().getBytes(StandardCharsets.UTF_8));
    structure.write(0);
    pad();
    node.properties()
        .forEach((name, value) -> {
          word(structure, PROP);
          word(structure, value.length);
          word(structure, offset(name));
          structure.writeBytes(value);
          pad();
        });
    node.children().forEach(this::node);
    word(structure, END_NODE);
  }

  private int offset(String name) {
    return offsets.computeIfAbsent(
        name,
        text -> {
          int at = strings.size();
          strings.writeBytes(text.getBytes(StandardCharsets.UTF_8));
          strings.write(0);
          return at;
        });
  }

  private void pad() {
    while (structure.size() % 4 != 0) {
      structure.write(0);
    }
  }

  private static void word(ByteArrayOutputStream out, int value) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      out.write(value >>> shift);
    }
  }
}
