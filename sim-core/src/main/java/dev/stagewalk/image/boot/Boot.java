package dev.stagewalk.image.boot;

import dev.stagewalk.board.Machine;
import dev.stagewalk.cpu.Pe;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An image and what it finds in memory when it is entered. Immutable.
 *
 * <p>The first PE enters the image at EL2 with SP_EL2 selected, all interrupts masked and the MMU
 * off; x0 holds the address of the device tree, which lies in the top 2 MiB of RAM, and x1 to x3
 * are 0. All other PEs are off. An initial ramdisk lies below the device tree, which says where.
 *
 * <p>Source: Linux documentation, "Booting AArch64 Linux", section 4.
 */
public final class Boot {
  /** Bytes of RAM where nothing else is asked for. */
  public static final long USUAL_MEMORY = 512L << 20;

  /** The least RAM a board can have, in bytes. */
  public static final long LEAST_MEMORY = 8L << 20;

  /** The most RAM a board can have, in bytes. */
  public static final long MOST_MEMORY = 16L << 30;

  /** The largest page there is. */
  private static final long RAMDISK_ALIGNMENT = 64 << 10;

  private final BootImage image;
  private final long memory;
  private final String arguments;
  private final Optional<byte[]> tree;
  private final byte[] ramdisk;

  private Boot(
      BootImage image, long memory, String arguments, byte[] ramdisk, Optional<byte[]> tree)
      throws ImageException {
    if (memory < LEAST_MEMORY || memory > MOST_MEMORY || memory % DeviceTree.ROOM != 0) {
      throw new IllegalArgumentException(
          "memory must be "
              + (LEAST_MEMORY >> 20)
              + "M to "
              + (MOST_MEMORY >> 30)
              + "G, in steps of 2M");
    }
    this.image = image;
    this.memory = memory;
    this.arguments = arguments;
    this.tree = tree;
    this.ramdisk = ramdisk;
    if (ramdiskAddress() <= Machine.RAM_BASE) {
      throw new IllegalArgumentException(
          "an initial ramdisk of "
              + ramdisk.length
              + " bytes does not fit into memory: give it more with --mem");
    }
    image.requireRoom(ramdiskAddress());
  }

  /**
   * With the built-in device tree, which describes the board.
   *
   * @param memory bytes of RAM: {@link #LEAST_MEMORY} to {@link #MOST_MEMORY}, a multiple of 2 MiB
   * @param arguments for the image, as {@code bootargs}; empty for none
   * @throws ImageException if the image does not fit into memory
   * @throws IllegalArgumentException if there cannot be so much memory; the message says so in
   *     words
   */
  public static Boot of(BootImage image, long memory, String arguments) throws ImageException {
    return withRamdisk(image, memory, arguments, new byte[0]);
  }

  /**
   * As above, with an initial ramdisk.
   *
   * @param ramdisk its content; empty for none
   * @throws ImageException if the image does not fit into memory beside it
   * @throws IllegalArgumentException likewise
   */
  public static Boot withRamdisk(BootImage image, long memory, String arguments, byte[] ramdisk)
      throws ImageException {
    return new Boot(image, memory, arguments, ramdisk.clone(), Optional.empty());
  }

  /**
   * With the device tree of a file, whatever it says.
   *
   * @param name of the file
   * @throws ImageException if it is no device tree, or the image does not fit into memory
   * @throws IllegalArgumentException likewise
   */
  public static Boot with(BootImage image, long memory, String name, byte[] tree)
      throws ImageException {
    DeviceTree.check(name, tree);
    return new Boot(image, memory, "", new byte[0], Optional.of(tree.clone()));
  }

  public BootImage image() {
    return image;
  }

  /** Bytes of RAM. */
  public long memory() {
    return memory;
  }

  /** For the image, as {@code bootargs}; empty for none. */
  public String arguments() {
    return arguments;
  }

  /** The initial ramdisk; empty if there is none. */
  public byte[] ramdisk() {
    return ramdisk.clone();
  }

  /** The device tree of a file; empty where the built-in one is used. */
  public Optional<byte[]> tree() {
    return tree.map(byte[]::clone);
  }

  /** Where the device tree lies. */
  public long treeAddress() {
    return Machine.RAM_BASE + memory - DeviceTree.ROOM;
  }

  private DeviceTree.@Nullable Range ramdiskRange() {
    long start = ramdiskAddress();
    return ramdisk.length == 0 ? null : new DeviceTree.Range(start, start + ramdisk.length);
  }

  /** Where the initial ramdisk lies; without one, where the device tree does. */
  public long ramdiskAddress() {
    return treeAddress() - Math.ceilDiv(ramdisk.length, RAMDISK_ALIGNMENT) * RAMDISK_ALIGNMENT;
  }

  /**
   * Puts image and device tree into a machine after reset, and its first PE before the first
   * instruction.
   */
  public void load(Machine machine) {
    image.load(machine.ram());
    byte[] blob =
        tree.orElseGet(() ->
            DeviceTree.of(
                machine.profile(), machine.pes().size(), memory, arguments, ramdiskRange()));
    machine.ram().write(ramdiskAddress(), ramdisk);
    machine.ram().write(treeAddress(), blob);
    Pe first = machine.pes().getFirst();
    first.setX(0, treeAddress());
    for (int i = 1; i <= 3; i++) {
      first.setX(i, 0);
    }
    first.branch(image.entry());
  }
}
