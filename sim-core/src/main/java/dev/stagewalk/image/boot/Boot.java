package dev.stagewalk.image.boot;

import dev.stagewalk.board.Machine;
import dev.stagewalk.cpu.Pe;
import java.util.Optional;

/**
 * An image and what it finds in memory when it is entered. Immutable.
 *
 * <p>The first PE enters the image at EL2 with SP_EL2 selected, all interrupts masked and the MMU
 * off; x0 holds the address of the device tree, which lies in the top 2 MiB of RAM, and x1 to x3
 * are 0. All other PEs are off.
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

  private final BootImage image;
  private final long memory;
  private final String arguments;
  private final Optional<byte[]> tree;

  private Boot(BootImage image, long memory, String arguments, Optional<byte[]> tree)
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
    image.requireRoom(treeAddress());
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
    return new Boot(image, memory, arguments, Optional.empty());
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
    return new Boot(image, memory, "", Optional.of(tree.clone()));
  }

  public BootImage image() {
    return image;
  }

  /** Bytes of RAM. */
  public long memory() {
    return memory;
  }

  /** Where the device tree lies. */
  public long treeAddress() {
    return Machine.RAM_BASE + memory - DeviceTree.ROOM;
  }

  /**
   * Puts image and device tree into a machine after reset, and its first PE before the first
   * instruction.
   */
  public void load(Machine machine) {
    image.load(machine.ram());
    byte[] blob =
        tree.orElseGet(
            () -> DeviceTree.of(machine.profile(), machine.pes().size(), memory, arguments));
    machine.ram().write(treeAddress(), blob);
    Pe first = machine.pes().getFirst();
    first.setX(0, treeAddress());
    for (int i = 1; i <= 3; i++) {
      first.setX(i, 0);
    }
    first.branch(image.entry());
  }
}
