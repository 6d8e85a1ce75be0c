package dev.stagewalk.event;

/**
 * What an access wants of the MMU.
 *
 * @param kind read, write, fetch of an instruction, or both read and write (an atomic)
 * @param size bytes, 1 to 64
 * @param privileged whether it is made with EL1 (or higher) permissions
 * @param pan whether PSTATE.PAN counts: it is set, and this is a privileged data access by an
 *     ordinary load or store
 * @param aligned whether the address is a multiple of the size, as Device memory asks for
 */
public record Access(Kind kind, int size, boolean privileged, boolean pan, boolean aligned) {

  /** An aligned access with PSTATE.PAN clear. */
  public Access(Kind kind, int size, boolean privileged) {
    this(kind, size, privileged, false, true);
  }

  /** The direction of an access. */
  public enum Kind {
    READ("read"),
    WRITE("write"),
    FETCH("instruction fetch"),
    ATOMIC("atomic read and write");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    public String words() {
      return words;
    }
  }

  /** The same where alignment does not matter. */
  public Access asAligned() {
    return aligned ? this : new Access(kind, size, privileged, pan, true);
  }

  /** The same where Device memory refuses it whatever the address. */
  public Access asUnaligned() {
    return new Access(kind, size, privileged, pan, false);
  }

  public static Access read(int size) {
    return new Access(Kind.READ, size, true);
  }

  public static Access write(int size) {
    return new Access(Kind.WRITE, size, true);
  }

  public static Access fetch() {
    return new Access(Kind.FETCH, 4, true);
  }
}
