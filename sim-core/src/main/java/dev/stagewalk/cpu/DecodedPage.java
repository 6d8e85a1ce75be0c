package dev.stagewalk.cpu;

import dev.stagewalk.isa.InstructionTable;
import dev.stagewalk.isa.Op;
import dev.stagewalk.mem.Frame;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The instructions of one page of memory, decoded when first executed, forgotten when written. */
final class DecodedPage implements Frame.WriteListener {
  /** Instructions in a page. */
  static final int SLOTS = Frame.SIZE / 4;

  /** Times its code may be written over before it is compiled no more: it will be again. */
  private static final int PATIENCE = 4;

  private final Frame frame;
  private final @Nullable Decoded[] slots = new Decoded[SLOTS];

  /** Those to be entered in a place; null until the first is made. */
  private @Nullable Region @Nullable [] regions;

  /** How often execution has come to a place; null until it is counted. */
  private short @Nullable [] heat;

  private int rewritten;
  private boolean changed;

  DecodedPage(Frame frame) {
    this.frame = frame;
  }

  /** Whether it has been decoded from this frame. */
  boolean isOf(Frame other) {
    return frame == other;
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

  /** The region to be entered in a place; null if there is none. */
  @Nullable Region region(int slot) {
    @Nullable Region[] made = regions;
    return made == null ? null : made[slot];
  }

  /**
   * Counts that execution has come to a place, and makes a region of it when it has often enough.
   *
   * @param threshold how often that is
   */
  void warm(int slot, int threshold) {
    short[] counts = heat;
    if (counts == null) {
      counts = new short[SLOTS];
      heat = counts;
    }
    if (++counts[slot] == threshold && rewritten < PATIENCE) {
      @Nullable Region[] made = regions;
      if (made == null) {
        made = new Region[SLOTS];
        regions = made;
      }
      RegionCompiler.Compiled compiled = RegionCompiler.compile(this, slot);
      for (int place = compiled.places().nextSetBit(0);
          place >= 0;
          place = compiled.places().nextSetBit(place + 1)) {
        if (made[place] == null) {
          made[place] = compiled.region();
        }
      }
    }
  }

  /** Whether instructions have been forgotten since this was last asked. */
  boolean takeChanged() {
    boolean result = changed;
    changed = false;
    return result;
  }

  @Override
  public void written(int offset, int size) {
    for (int slot = offset >> 2; slot <= (offset + size - 1) >> 2; slot++) {
      if (slots[slot] != null) {
        slots[slot] = null;
        changed = true;
      }
    }
    if (changed && regions != null) {
      Arrays.fill(regions, null);
      heat = null;
      rewritten++;
    }
  }
}
