package dev.stagewalk.cpu;

/** Instructions of one page of code as one method, made by {@link RegionCompiler}. */
interface Region {

  /**
   * Executes from its first instruction on while the next one is in the region. Program counter and
   * instruction count are exact when it returns, and when it throws.
   *
   * @param base virtual address of the page
   * @param until instruction count not to be passed; it may stop earlier
   */
  void run(Pe pe, long base, long until);
}
