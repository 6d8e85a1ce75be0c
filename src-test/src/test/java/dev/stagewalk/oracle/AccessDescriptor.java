package dev.stagewalk.oracle;

/**
 * What is asked of the MMU.
 *
 * @param type who asks
 * @param el0 with EL0's permissions
 * @param read reads
 * @param write writes; both for an atomic
 * @param pan PSTATE.PAN is set and counts for this access
 * @param aligned the address is a multiple of the size
 */
record AccessDescriptor(
    Type type, boolean el0, boolean read, boolean write, boolean pan, boolean aligned) {

  enum Type {
    DATA,
    IFETCH,
    /** An address translation instruction. */
    AT,
    /** A translation table walk. */
    TTW
  }

  static AccessDescriptor fetch(boolean el0) {
    return new AccessDescriptor(Type.IFETCH, el0, false, false, false, true);
  }

  /** A read of a descriptor. Source: CreateAccDescS1TTW. */
  AccessDescriptor tableWalk() {
    return new AccessDescriptor(Type.TTW, el0, true, false, false, true);
  }

  /** An update of a descriptor. Source: CreateAccDescTTEUpdate. */
  AccessDescriptor tableUpdate() {
    return new AccessDescriptor(Type.TTW, el0, true, true, false, true);
  }

  /** WnR before anybody refused anything. */
  boolean writeOnly() {
    return write && !read;
  }
}
