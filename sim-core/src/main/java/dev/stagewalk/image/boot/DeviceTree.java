package dev.stagewalk.image.boot;

import dev.stagewalk.board.Machine;
import dev.stagewalk.board.Profile;
import org.jspecify.annotations.Nullable;

/**
 * The device tree an image is handed: the built-in one, which describes the board, or one from a
 * file, which is checked and passed on as it is.
 *
 * <p>Source: Devicetree Specification 0.4, "Flattened Devicetree (DTB) Format".
 */
final class DeviceTree {
  /** Bytes at the top of RAM that are kept for it. */
  static final long ROOM = 2L << 20;

  private static final long AFFINITY = 0xff_00ff_ffffL;
  private static final long GIC = 1;
  private static final long CLOCK = 2;
  private static final long SPI = 0;
  private static final long PPI = 1;
  private static final long LEVEL_HIGH = 4;
  private static final int DEEPEST = 64;

  private DeviceTree() {}

  /**
   * Physical addresses.
   *
   * @param end the byte after the last
   */
  record Range(long start, long end) {}

  /**
   * Of a board.
   *
   * @param profile what its PEs are
   * @param pes how many there are
   * @param memory bytes of RAM
   * @param arguments what the image finds as {@code bootargs}; empty for none
   * @param ramdisk where an initial ramdisk lies; null for none
   */
  static byte[] of(
      Profile profile, int pes, long memory, String arguments, @Nullable Range ramdisk) {
    TreeNode root =
        new TreeNode("")
            .cells("#address-cells", 2)
            .cells("#size-cells", 2)
            .texts("compatible", "linux,dummy-virt")
            .texts("model", "linux,dummy-virt")
            .cells("interrupt-parent", GIC);
    root.node("memory@" + hex(Machine.RAM_BASE))
        .texts("device_type", "memory")
        .ranges("reg", Machine.RAM_BASE, memory);
    cpus(root, profile, pes);
    root.node("psci")
        .texts("compatible", "arm,psci-1.0", "arm,psci-0.2", "arm,psci")
        .texts("method", "smc")
        .cells("cpu_suspend", 0xc400_0001L)
        .cells("cpu_off", 0x8400_0002L)
        .cells("cpu_on", 0xc400_0003L)
        .cells("migrate", 0xc400_0005L);
    root.node("timer")
        .texts("compatible", "arm,armv8-timer")
        .flag("always-on")
        .cells(
            "interrupts",
            PPI,
            13,
            LEVEL_HIGH,
            PPI,
            14,
            LEVEL_HIGH,
            PPI,
            11,
            LEVEL_HIGH,
            PPI,
            10,
            LEVEL_HIGH,
            PPI,
            12,
            LEVEL_HIGH);
    root.node("intc@" + hex(Machine.DISTRIBUTOR))
        .cells("phandle", GIC)
        .texts("compatible", "arm,gic-v3")
        .flag("interrupt-controller")
        .cells("#interrupt-cells", 3)
        .cells("#redistributor-regions", 1)
        .ranges(
            "reg",
            Machine.DISTRIBUTOR,
            Machine.DISTRIBUTOR_SIZE,
            Machine.REDISTRIBUTORS,
            pes * Machine.REDISTRIBUTOR_SIZE)
        .cells("interrupts", PPI, 9, LEVEL_HIGH);
    devices(root);
    TreeNode chosen = root.node("chosen").texts("stdout-path", "/pl011@" + hex(Machine.UART));
    if (!arguments.isEmpty()) {
      chosen.texts("bootargs", arguments);
    }
    if (ramdisk != null) {
      chosen.cells("linux,initrd-start", ramdisk.start >>> 32, ramdisk.start);
      chosen.cells("linux,initrd-end", ramdisk.end >>> 32, ramdisk.end);
    }
    return TreeBlob.of(root);
  }

  private static void cpus(TreeNode root, Profile profile, int pes) {
    long first = profile.identification().getOrDefault("MPIDR_EL1", 0L) & AFFINITY;
    TreeNode cpus = root.node("cpus").cells("#address-cells", 1).cells("#size-cells", 0);
    String kind = profile.name().equals("max") ? "arm,armv8" : "arm," + profile.name();
    for (int pe = 0; pe < pes; pe++) {
      long affinity = first | pe;
      cpus.node("cpu@" + hex(affinity))
          .texts("device_type", "cpu")
          .texts("compatible", kind)
          .texts("enable-method", "psci")
          .cells("reg", affinity);
    }
  }

  private static void devices(TreeNode root) {
    root.node("apb-pclk")
        .cells("phandle", CLOCK)
        .texts("compatible", "fixed-clock")
        .cells("#clock-cells", 0)
        .cells("clock-frequency", 24_000_000)
        .texts("clock-output-names", "clk24mhz");
    root.node("pl011@" + hex(Machine.UART))
        .texts("compatible", "arm,pl011", "arm,primecell")
        .ranges("reg", Machine.UART, 0x1000)
        .cells("interrupts", SPI, 1, LEVEL_HIGH)
        .cells("clocks", CLOCK, CLOCK)
        .texts("clock-names", "uartclk", "apb_pclk");
    root.node("pl031@" + hex(Machine.RTC))
        .texts("compatible", "arm,pl031", "arm,primecell")
        .ranges("reg", Machine.RTC, 0x1000)
        .cells("interrupts", SPI, 2, LEVEL_HIGH)
        .cells("clocks", CLOCK)
        .texts("clock-names", "apb_pclk");
  }

  private static String hex(long value) {
    return Long.toHexString(value);
  }

  /**
   * Refuses what is no device tree, or too large a one.
   *
   * @param name of the file, for the message
   */
  static void check(String name, byte[] blob) throws ImageException {
    String right = "take what dtc or a machine's dumpdtb has written";
    if (blob.length < TreeBlob.HEADER || word(blob, 0) != TreeBlob.MAGIC) {
      throw new ImageException(
          name, 0, "this is no device tree: its magic number is missing", right);
    }
    long total = word(blob, 4) & 0xffff_ffffL;
    if (total > blob.length || total < TreeBlob.HEADER) {
      throw new ImageException(
          name,
          4,
          "the device tree should have " + total + " bytes, and the file has " + blob.length,
          "it was cut: copy it again");
    }
    if (total > ROOM) {
      throw new ImageException(
          name, 4, "the device tree has " + total + " bytes, and there is room for " + ROOM, right);
    }
    long version = word(blob, 20) & 0xffff_ffffL;
    if (version < 17) {
      throw new ImageException(
          name, 20, "this is version " + version + " of the format, and 17 is read", right);
    }
    structure(name, blob, right);
  }

  /** Walks over all nodes: an image would meet the damage later and say nothing. */
  private static void structure(String name, byte[] blob, String right) throws ImageException {
    long total = word(blob, 4) & 0xffff_ffffL;
    long start = word(blob, 8) & 0xffff_ffffL;
    long end = start + (word(blob, 36) & 0xffff_ffffL);
    if ((start & 3) != 0 || end > total || end - start < 16) {
      throw new ImageException(name, 8, "the structure block lies outside the device tree", right);
    }
    long strings = word(blob, 12) & 0xffff_ffffL;
    long stringsSize = word(blob, 32) & 0xffff_ffffL;
    if (strings + stringsSize > total) {
      throw new ImageException(name, 12, "the strings block lies outside the device tree", right);
    }
    long at = start;
    int depth = 0;
    while (at + 4 <= end) {
      int token = word(blob, (int) at);
      long next = at + 4;
      switch (token) {
        case TreeBlob.BEGIN_NODE -> {
          depth++;
          while (next < end && blob[(int) next] != 0) {
            next++;
          }
          next++;
        }
        case TreeBlob.END_NODE -> depth--;
        case TreeBlob.PROP -> {
          boolean whole = at + 12 <= end;
          next += whole ? 8 + (word(blob, (int) at + 4) & 0xffff_ffffL) : total;
          if (whole && (word(blob, (int) at + 8) & 0xffff_ffffL) >= stringsSize) {
            depth = -1;
          }
        }
        case TreeBlob.NOP -> {
          // Something was taken out here.
        }
        case TreeBlob.END -> {
          if (depth == 0) {
            return;
          }
          depth = -1;
        }
        default -> depth = -1;
      }
      if (depth < 0 || depth > DEEPEST || next > end) {
        throw new ImageException(name, at, "the device tree is damaged here", right);
      }
      at = (next + 3) & ~3L;
    }
    throw new ImageException(name, end, "the device tree does not end", right);
  }

  private static int word(byte[] blob, int at) {
    return (blob[at] & 0xff) << 24
        | (blob[at + 1] & 0xff) << 16
        | (blob[at + 2] & 0xff) << 8
        | blob[at + 3] & 0xff;
  }
}
