package dev.stagewalk.session.compare;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.event.MemoryType;
import dev.stagewalk.event.Permissions;

/**
 * What tables make of an input address, whichever way they are built: size and number of the
 * descriptors behind it do not matter.
 *
 * @param output of the first address: a PA of stage 2, and of stage 1 without stage 2
 * @param cacheability in a number that differs where it does
 * @param shareability SH as it takes effect, 0 to 3
 * @param accessFlag false where the next access faults, or the hardware sets the flag
 * @param dirtyBitModifier whether hardware that manages dirty state grants writes
 * @param global whether it holds for every ASID; false where there are none
 */
public record Effect(
    long output,
    Permissions permissions,
    MemoryType memoryType,
    int cacheability,
    int shareability,
    boolean accessFlag,
    boolean dirtyBitModifier,
    boolean global) {

  /** What the same mapping makes of an address so many bytes further. */
  Effect plus(long bytes) {
    return new Effect(
        output + bytes,
        permissions,
        memoryType,
        cacheability,
        shareability,
        accessFlag,
        dirtyBitModifier,
        global);
  }

  /** "0x4820_3000, rw-, Normal Write-Back". */
  public String words() {
    return Hex.address(output) + ", " + attributes();
  }

  /** "rw-, AF clear, Normal Write-Back". */
  public String attributes() {
    return permissions.text()
        + (accessFlag ? "" : ", AF clear")
        + (dirtyBitModifier ? ", DBM" : "")
        + ", "
        + memoryType.words();
  }
}
