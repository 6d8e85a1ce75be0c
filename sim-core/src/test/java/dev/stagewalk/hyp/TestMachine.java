package dev.stagewalk.hyp;

import dev.stagewalk.arch.Pa;
import dev.stagewalk.cpu.El2;
import dev.stagewalk.cpu.GuestRegisters;
import dev.stagewalk.event.StopHere;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A machine without a guest: memory, registers, an allocator, and a log of micro-steps. It watches
 * over break-before-make by itself.
 */
final class TestMachine implements El2, GuestRegisters {
  static final long HEAP = 0x4800_0000L;

  /** Permissions, Access flag, DBM and bits for software: these may change in place. */
  private static final long IN_PLACE = 3L << 6 | 1L << 10 | 1L << 51 | 3L << 53 | 0xfL << 55;

  final List<String> log = new ArrayList<>();
  final List<String> violations = new ArrayList<>();
  final Map<String, Long> registers = new TreeMap<>();
  final long[] x = new long[31];
  final long[] vectors = new long[64];
  final Map<Long, Integer> live = new TreeMap<>();
  private final Map<Long, Long> words = new HashMap<>();
  private final Set<Long> cached = new HashSet<>();
  private final int hostPage;
  private long next = HEAP;
  private long allocationsLeft = Long.MAX_VALUE;
  private int stopAfter = Integer.MAX_VALUE;
  boolean running;
  String stopped = "";
  boolean stoppedByWish;
  long atAnswer = 1;
  boolean atAborts;

  /** What the firmware was told to hand over to the last PE. */
  long poweredOn;

  /** Greatest order there is memory for. */
  int largest = Integer.MAX_VALUE;

  TestMachine() {
    this(4096);
  }

  TestMachine(int hostPage) {
    this.hostPage = hostPage;
    registers.put("ID_AA64MMFR0_EL1", 0x10_0005L);
    registers.put("HCR_EL2", 0x4_8800_0000L);
    registers.put("SCTLR_EL2", 0x30d0_1985L);
    registers.put("VBAR_EL2", 0x4008_f000L);
  }

  void failAfter(long allocations) {
    allocationsLeft = allocations;
  }

  void stopAfter(int steps) {
    stopAfter = steps;
  }

  void step(String what) {
    log.add(what);
    if (log.size() >= stopAfter) {
      throw StopHere.STOP;
    }
  }

  List<String> takeLog() {
    List<String> taken = List.copyOf(log);
    log.clear();
    return taken;
  }

  private long vmid() {
    return register("VTTBR_EL2") >>> 48;
  }

  /** Memory as it is found. */
  void put(long pa, long value) {
    words.put(pa, value);
  }

  @Override
  public long load(long pa) {
    return words.getOrDefault(pa, 0L);
  }

  @Override
  public void storeDescriptor(long pa, long value) {
    long old = load(pa);
    if ((old & 1) != 0 && (value & 1) != 0 && ((old ^ value) & ~IN_PLACE) != 0) {
      violations.add("valid over valid at " + Long.toHexString(pa));
    }
    if ((old & 1) != 0 && (value & 1) == 0) {
      cached.add(pa);
    } else if ((value & 1) != 0 && cached.contains(pa)) {
      violations.add("made before the TLBI at " + Long.toHexString(pa));
    }
    words.put(pa, value);
    step("W " + Long.toHexString(old) + " " + Long.toHexString(value));
  }

  @Override
  public void store(long pa, int size, long value) {
    if (pa == 0x0900_0000L && size == 1) {
      step("UART " + (char) value);
      return;
    }
    if (pa < HEAP || size != 8) {
      throw new IllegalArgumentException("store of " + size + " bytes at " + pa);
    }
    words.put(pa, value);
    step("store");
  }

  @Override
  public void clear(long pa, long bytes) {
    for (long at = pa; at < pa + bytes; at += 8) {
      words.remove(at);
    }
    step("clear");
  }

  @Override
  public void copy(long from, long to, long bytes) {
    for (long at = 0; at < bytes; at += 8) {
      words.put(to + at, load(from + at));
    }
    step("copy " + Long.toHexString(from) + " " + Long.toHexString(to));
  }

  @Override
  public long register(String name) {
    return registers.getOrDefault(name, 0L);
  }

  @Override
  public void writeRegister(String name, long value) {
    registers.put(name, value);
    step("S " + name + " " + Long.toHexString(value));
  }

  @Override
  public void tlbiVmalls12e1is() {
    if (!log.isEmpty() && log.getLast().startsWith("W")) {
      violations.add("TLBI right after a store");
    }
    cached.clear();
    step("TLBI " + vmid());
  }

  @Override
  public boolean atS1e1r(long va) {
    step("AT S1E1R " + Long.toHexString(va));
    if (atAborts) {
      return false;
    }
    registers.put("PAR_EL1", atAnswer);
    return true;
  }

  @Override
  public void dsbIsh() {
    step("DSB ISH");
  }

  @Override
  public void dsbIshst() {
    step("DSB ISHST");
  }

  @Override
  public void isb() {
    step("ISB");
  }

  @Override
  public Pa allocate(int order) {
    if (allocationsLeft == 0 || order > largest) {
      step("A null");
      return NULL;
    }
    allocationsLeft--;
    long size = (long) hostPage << order;
    long pa = (next + size - 1) & -size;
    next = pa + size;
    live.put(pa, order);
    step("A " + Long.toHexString(pa));
    return new Pa(pa);
  }

  @Override
  public void free(Pa pa) {
    if (live.remove(pa.value()) == null) {
      violations.add("freed what was not allocated: " + pa);
    }
    if (!cached.isEmpty()) {
      violations.add("freed before the TLBI: " + pa);
    }
    step("F " + Long.toHexString(pa.value()));
  }

  @Override
  public int hostPageSize() {
    return hostPage;
  }

  @Override
  public void print(String line) {
    step("P " + line);
  }

  @Override
  public void callBegan(String name, String arguments) {
    step("{ " + name + " " + arguments);
  }

  @Override
  public void callEnded(String name, String result, boolean ok) {
    step("} " + name + " " + result);
  }

  @Override
  public long x(int number) {
    return x[number];
  }

  @Override
  public long vector(int number, int half) {
    return vectors[2 * number + half];
  }

  @Override
  public void loadVectors(long from, long[] halves) {
    System.arraycopy(halves, 0, vectors, 0, vectors.length);
    step("load vectors");
  }

  @Override
  public void saveContext(int exitCode, long guest, long[] saved) {
    for (int i = 0; i < saved.length; i++) {
      words.put(guest + 8L * i, saved[i]);
    }
    running = false;
    step("save " + exitCode);
  }

  @Override
  public void loadContext(long guest, long[] values, long elr, long spsr, long spEl1) {
    System.arraycopy(values, 0, x, 0, x.length);
    registers.put("ELR_EL2", elr);
    registers.put("SPSR_EL2", spsr);
    registers.put("SP_EL1", spEl1);
    step("load");
  }

  @Override
  public void handlerAnswered(boolean resume, String handler, String reason) {
    step((resume ? "RESUME " : "EXIT ") + handler + ": " + reason);
  }

  @Override
  public void exceptionReturn() {
    running = true;
    step("ERET " + Long.toHexString(register("ELR_EL2")));
  }

  @Override
  public long powerOn(int pe, long context) {
    poweredOn = context;
    step("power on " + pe + " " + Long.toHexString(context));
    return 0;
  }

  @Override
  public void powerOff() {
    running = false;
    step("power off");
  }

  @Override
  public void interrupt(int pe) {
    step("interrupt " + pe);
  }

  @Override
  public void acknowledge() {}

  @Override
  public void guestStopped(String reason, boolean ok) {
    stopped = reason;
    stoppedByWish = ok;
    step("stopped");
  }

  /** An exception taken from EL1, as the guest would cause it. */
  void exception(long esr, long far, long hpfar, long elr) {
    registers.put("ESR_EL2", esr);
    registers.put("FAR_EL2", far);
    registers.put("HPFAR_EL2", hpfar);
    registers.put("ELR_EL2", elr);
    registers.put("SPSR_EL2", 0x3c5L);
  }
}
