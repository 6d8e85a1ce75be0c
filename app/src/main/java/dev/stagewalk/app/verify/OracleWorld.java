package dev.stagewalk.app.verify;

import dev.stagewalk.arch.Pa;
import dev.stagewalk.cpu.El2;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The world in which the s2mmu vectors were recorded: a bump allocator, memory, and a list of what
 * happened as the recording writes it. The library's own objects lie below the arena, and stores to
 * them are not recorded.
 */
final class OracleWorld implements El2 {
  private static final int FRAME = 4096;

  /** PARange 48 bits, what the recorded VTCR_EL2.PS asks for at most, and the 16K granule. */
  private static final long MMFR0 = 0x10_0005;

  private final int pageSize;
  private final Map<Long, long[]> frames = new HashMap<>();
  private final Map<Long, Integer> orders = new HashMap<>();
  private final Map<Long, Boolean> live = new HashMap<>();
  private final Map<String, Long> registers = new HashMap<>();
  private final List<String> events = new ArrayList<>();
  private long next;
  private long failAfter = Long.MAX_VALUE;
  private long allocated;
  private long freed;

  OracleWorld(int pageSize, long paBase) {
    this.pageSize = pageSize;
    this.next = paBase;
    registers.put("ID_AA64MMFR0_EL1", MMFR0);
  }

  /** Host pages handed out since the beginning. */
  long allocated() {
    return allocated;
  }

  /** Host pages given back since the beginning. */
  long freed() {
    return freed;
  }

  /** So many allocations still succeed. */
  void failAfter(long allocations) {
    failAfter = allocations;
  }

  /** Sets what a register reads, without an event. */
  void setRegister(String name, long value) {
    registers.put(name, value);
  }

  /**
   * First index at or behind one whose word may be other than 0.
   *
   * @param table where index 0 stands, a multiple of the frame size
   */
  int skipBlank(long table, int index, int end) {
    int at = index;
    while (at < end && at % (FRAME / 8) == 0 && !frames.containsKey((table + 8L * at) / FRAME)) {
      at += FRAME / 8;
    }
    return Math.min(at, end);
  }

  /** What happened since the last call. */
  List<String> takeEvents() {
    List<String> taken = List.copyOf(events);
    events.clear();
    return taken;
  }

  @Override
  public long load(long pa) {
    long[] frame = frames.get(pa / FRAME);
    return frame == null ? 0 : frame[(int) (pa % FRAME) / 8];
  }

  private void put(long pa, long value) {
    frames.computeIfAbsent(pa / FRAME, _ -> new long[FRAME / 8])[(int) (pa % FRAME) / 8] = value;
  }

  @Override
  public void storeDescriptor(long pa, long value) {
    events.add("W:" + hex(pa) + ":" + hex(load(pa)) + ":" + hex(value));
    put(pa, value);
  }

  @Override
  public void store(long pa, int size, long value) {
    if (size != 8) {
      throw new IllegalArgumentException("the library stores whole words, not " + size + " bytes");
    }
    put(pa, value);
  }

  @Override
  public void clear(long pa, long bytes) {
    for (long frame = pa / FRAME; frame < (pa + bytes) / FRAME; frame++) {
      frames.remove(frame);
    }
  }

  @Override
  public void copy(long from, long to, long bytes) {
    for (long at = 0; at < bytes; at += 8) {
      put(to + at, load(from + at));
    }
  }

  @Override
  public long register(String name) {
    return registers.getOrDefault(name, 0L);
  }

  @Override
  public void writeRegister(String name, long value) {
    registers.put(name, value);
    events.add("S:" + name.toLowerCase(Locale.ROOT) + ":" + hex(value));
  }

  @Override
  public void tlbiVmalls12e1is() {
    events.add("T:tlbi vmalls12e1is");
  }

  @Override
  public boolean atS1e1r(long va) {
    return false;
  }

  @Override
  public void dsbIsh() {
    events.add("D:ish");
  }

  @Override
  public void dsbIshst() {
    events.add("D:ishst");
  }

  @Override
  public void isb() {
    events.add("I");
  }

  @Override
  public Pa allocate(int order) {
    if (failAfter == 0) {
      events.add("A" + order + ":null");
      return NULL;
    }
    failAfter--;
    long size = (long) pageSize << order;
    long pa = (next + size - 1) & -size;
    next = pa + size;
    orders.put(pa, order);
    live.put(pa, true);
    allocated += 1L << order;
    events.add("A" + order + ":" + hex(pa));
    return new Pa(pa);
  }

  @Override
  public void free(Pa pa) {
    if (pa.equals(NULL)) {
      events.add("F:null");
      return;
    }
    Boolean alive = live.put(pa.value(), false);
    if (alive == null) {
      live.remove(pa.value());
      events.add("F:" + hex(pa.value()) + ":bogus");
    } else if (!alive) {
      events.add("F:" + hex(pa.value()) + ":double");
    } else {
      freed += 1L << orders.getOrDefault(pa.value(), 0);
      events.add("F:" + hex(pa.value()));
    }
  }

  @Override
  public int hostPageSize() {
    return pageSize;
  }

  @Override
  public void print(String line) {
    events.add("P:" + line);
  }

  @Override
  public void callBegan(String name, String arguments) {}

  @Override
  public void callEnded(String name, String result, boolean ok) {}

  static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }
}
