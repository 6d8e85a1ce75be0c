package dev.stagewalk.cpu;

/** Instructions of one page of code as one method, made by {@link RegionCompiler}. */
interface Region {

  /**
   * Executes from the program counter on while the next instruction is in the region; nothing where
   * it cannot be entered. Program counter and instruction count are exact when it returns, and when
   * it throws.
   *
   * @param base virtual address of the page
   * @param until instruction count not to be passed; it may stop earlier
   */
  void run(Pe pe, long base, long until);
}
