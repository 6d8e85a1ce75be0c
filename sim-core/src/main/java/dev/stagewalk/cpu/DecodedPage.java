package dev.stagewalk.cpu;

import dev.stagewalk.isa.InstructionTable;
import dev.stagewalk.isa.Op;
import dev.stagewalk.mem.Frame;
import org.jspecify.annotations.Nullable;

/** The instructions of one page of memory, decoded when first executed, forgotten when written. */
final class DecodedPage implements Frame.WriteListener {
  /** Instructions in a page. */
  static final int SLOTS = Frame.SIZE / 4;

  private final Frame frame;
  private final @Nullable Decoded[] slots = new Decoded[SLOTS];

  DecodedPage(Frame frame) {
    this.frame = frame;
  }

  /** An instruction and what it does. */
  record Decoded(Op op, Semantics semantics, Reach reach) {}

  /** The instruction at an address; only its place in the page counts. */
  Decoded at(long address) {
    return at((int) (address >>> 2) & (SLOTS - 1));
  }

  /** The instruction in a place of the page, from 0. */
  Decoded at(int slot) {
    Decoded known = slots[slot];
    return known == null ? decode(slot) : known;
  }

  private Decoded decode(int slot) {
    Op op = InstructionTable.a64().decode((int) frame.read(slot * 4, 4));
    Bindings bindings = Bindings.standard();
    Decoded decoded = new Decoded(op, bindings.of(op), bindings.reachOf(op));
    slots[slot] = decoded;
    return decoded;
  }

  @Override
  public void written(int offset, int size) {
    for (int slot = offset >> 2; slot <= (offset + size - 1) >> 2; slot++) {
      slots[slot] = null;
    }
  }
}
