package dev.stagewalk.views;

import dev.stagewalk.session.Program;

/** Writes one instruction as people read it. */
@FunctionalInterface
public interface Disassembly {

  /**
   * @param word the instruction
   * @param address where it stands, for branch targets
   * @param program whose labels may be named
   */
  String text(int word, long address, Program program);
}
