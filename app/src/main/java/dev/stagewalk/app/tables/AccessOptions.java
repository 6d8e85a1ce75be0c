package dev.stagewalk.app.tables;

import dev.stagewalk.event.Access;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** What an access wants. */
final class AccessOptions {
  /** One of these at most. */
  private static final class Kind {
    @Option(names = "--read", description = "a load (the default)")
    private boolean read;

    @Option(names = "--write", description = "a store")
    private boolean write;

    @Option(names = "--fetch", description = "an instruction fetch")
    private boolean fetch;

    @Option(names = "--atomic", description = "an atomic read and write")
    private boolean atomic;
  }

  @ArgGroup(exclusive = true)
  private Kind kind = new Kind();

  @Option(names = "--el0", description = "made with EL0's permissions, not EL1's")
  private boolean el0;

  @Option(
      names = "--size",
      paramLabel = "BYTES",
      defaultValue = "8",
      description = "of a load or store: 1, 2, 4, 8, 16, 32 or 64 (default: ${DEFAULT-VALUE})")
  private int size;

  /**
   * The access at an address.
   *
   * @param otherwise what to take if nothing was said
   * @throws IllegalArgumentException if no access has that size
   */
  Access of(long address, Optional<Access> otherwise) {
    if (Integer.bitCount(size) != 1 || size < 1 || size > 64) {
      throw new IllegalArgumentException(
          "--size must be 1, 2, 4, 8, 16, 32 or 64 bytes, not " + size);
    }
    boolean given = kind.read || kind.write || kind.fetch || kind.atomic || el0 || size != 8;
    if (!given && otherwise.isPresent()) {
      return otherwise.get();
    }
    Access.Kind wanted =
        kind.write
            ? Access.Kind.WRITE
            : kind.fetch ? Access.Kind.FETCH : kind.atomic ? Access.Kind.ATOMIC : Access.Kind.READ;
    int bytes = wanted == Access.Kind.FETCH ? 4 : size;
    return new Access(wanted, bytes, !el0, false, (address & (bytes - 1)) == 0);
  }
}
