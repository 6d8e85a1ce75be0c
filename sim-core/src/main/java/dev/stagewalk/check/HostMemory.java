package dev.stagewalk.check;

import java.util.Optional;

/** What is known of whose physical memory is. */
public interface HostMemory {

  /** Of a memory dump nothing is known but where the tables are. */
  HostMemory UNKNOWN =
      new HostMemory() {
        @Override
        public Optional<Foreign> firstForeign(long pa, long bytes) {
          return Optional.empty();
        }

        @Override
        public long owned(long pa) {
          return 0;
        }

        @Override
        public Optional<String> device(long pa, long bytes) {
          return Optional.empty();
        }
      };

  /**
   * Memory that no guest is to reach.
   *
   * @param pa first address
   * @param bytes how many
   * @param what it is, in words: "the host's struct guest"
   */
  record Foreign(long pa, long bytes, String what) {}

  /** The first part of a range that is no guest's; empty if there is none. */
  Optional<Foreign> firstForeign(long pa, long bytes);

  /** Bytes that were handed out together, an address among them; 0 if that is not known. */
  long owned(long pa);

  /** What device answers in a range; empty if none does. */
  Optional<String> device(long pa, long bytes);
}
