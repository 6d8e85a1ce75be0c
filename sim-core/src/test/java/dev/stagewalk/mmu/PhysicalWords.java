package dev.stagewalk.mmu;

import java.util.HashMap;
import java.util.Map;

/** Memory of a test: words at physical addresses, zero elsewhere below a limit. */
final class PhysicalWords implements DescriptorReader {
  private final Map<Long, Long> words = new HashMap<>();
  private final long limit;
  private int reads;

  PhysicalWords() {
    this(1L << 52);
  }

  PhysicalWords(long limit) {
    this.limit = limit;
  }

  PhysicalWords put(long pa, long word) {
    words.put(pa, word);
    return this;
  }

  @Override
  public long read(long pa) {
    reads++;
    if (pa >= limit) {
      throw ExternalAbort.ABORT;
    }
    return words.getOrDefault(pa, 0L);
  }

  int reads() {
    return reads;
  }
}
