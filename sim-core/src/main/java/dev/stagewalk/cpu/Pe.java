package dev.stagewalk.cpu;

import static dev.stagewalk.cpu.SystemRegisters.SP_EL0;

import dev.stagewalk.arch.RegisterTable;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.EventSink;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.mem.PhysicalSpace;
import dev.stagewalk.mmu.Features;
import dev.stagewalk.mmu.Tlb;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One processing element: general registers, PSTATE, System registers, and its view of memory.
 *
 * <p>Instruction semantics read and write it through the methods of this class; they end early by
 * throwing what {@link #undefined()}, {@link #load} and the like return or throw.
 */
public final class Pe {
  private final int id;
  private final EventSink sink;

  /** x0 to x30; element 31 is always zero so that reads of the zero register need no test. */
  private final long[] x = new long[32];

  private long sp;
  private long pc;
  private int nzcv;
  private int el;

  /** PSTATE except flags and exception level, in the layout of SPSR_EL2. */
  private long pstate;

  /** PSTATE.BTYPE while the instruction of this number is executed; 0 before and after. */
  private int btype;

  private long btypeAt = -1;

  /** Address of the instruction being executed. */
  long instructionAddress;

  long instructions;

  /**
   * Raised where what the next instruction must be checked for may have changed: an interrupt that
   * is due, the translation of the program counter, PSTATE.IL, a halt, somebody outside.
   */
  boolean attention;

  /** Whether to execute nothing after the present instruction, until somebody asks for it again. */
  boolean stopAsked;

  private long interventions;
  private boolean halted;
  private final Waiting waiting = new Waiting(this);
  private final Wiring wiring = new Wiring(this);
  private WritableBits writable = WritableBits.all();
  final VectorRegisters vectors = new VectorRegisters();
  final SystemRegisters system = new SystemRegisters();

  /** What answers for a register, by its index, where that is not its stored value. */
  private final @Nullable SystemRegisterDevice[] devices =
      new SystemRegisterDevice[RegisterTable.standard().size()];

  final PendingException pending = new PendingException();
  final Interrupts interrupts = new Interrupts(this);
  final SoftwareStep step = new SoftwareStep(this);
  private final MemoryPort memory;
  private final ExceptionModel exceptions;
  private final Onlookers onlookers = new Onlookers(this);

  public Pe(int id, PhysicalSpace space, Tlb tlb, Features features, EventSink sink) {
    this.id = id;
    this.sink = sink;
    this.memory = new MemoryPort(this, space, tlb, features);
    this.exceptions = new ExceptionModel(this);
    attach(interrupts, "ISR_EL1");
    attach(new OsLock(this), "OSLAR_EL1", "OSLSR_EL1");
    attach(new CacheMaintenance(this), "DCZID_EL0");
  }

  /**
   * Reset to EL2, where everything is masked and the MMU is off, as firmware hands over.
   *
   * <p>Source: Arm ARM, "Reset" (The AArch64 System Level Programmers' Model).
   */
  public void reset() {
    setPstate(Pstate.SP | Pstate.DAIF | 2L << 2);
    system.set(OsLock.STATUS, OsLock.LOCKED);
    pc = 0;
  }

  /**
   * Makes this PE what its identification registers say. A guest sees the same, until EL2 gives it
   * other values of MIDR_EL1 and MPIDR_EL1.
   *
   * @param identification values of read-only registers by name
   */
  public void implement(Map<String, Long> identification) {
    identification.forEach((name, value) -> system.set(SystemRegisters.index(name), value));
    system.set(SystemRegisters.VPIDR_EL2, system.get(SystemRegisters.MIDR_EL1));
    system.set(SystemRegisters.VMPIDR_EL2, system.get(SystemRegisters.MPIDR_EL1));
    writable = WritableBits.of(system);
    system.set(SystemRegisters.HCR_EL2, writable.written(SystemRegisters.HCR_EL2, 0));
  }

  /** Whether identification registers were given and say that the PE has not this feature. */
  boolean lacks(OptionalFeature feature) {
    return writable.isKnown() && !feature.isIn(system);
  }

  /** Whether identification registers were given; without them it has everything. */
  boolean isIdentified() {
    return writable.isKnown();
  }

  /** Number of this PE, from 0. */
  public int id() {
    return id;
  }

  /** General register 0 to 30; 31 is the zero register. */
  public long x(int number) {
    return x[number];
  }

  /** The low 32 bits of a general register, zero-extended. */
  public long w(int number) {
    return x[number] & 0xffff_ffffL;
  }

  /** Writes a general register; 31 is the zero register. */
  public void setX(int number, long value) {
    if (number != 31) {
      x[number] = value;
    }
  }

  /** Writes the low 32 bits of a general register and clears the high ones. */
  public void setW(int number, long value) {
    if (number != 31) {
      x[number] = value & 0xffff_ffffL;
    }
  }

  /** General register 0 to 30; 31 is the stack pointer in use. */
  public long xOrSp(int number) {
    return number == 31 ? sp : x[number];
  }

  /** Writes a general register; 31 is the stack pointer in use. */
  public void setXOrSp(int number, long value) {
    if (number == 31) {
      sp = value;
    } else {
      x[number] = value;
    }
  }

  /** The stack pointer in use. */
  public long sp() {
    return sp;
  }

  public void setSp(long value) {
    sp = value;
  }

  /** Address of the next instruction. */
  public long pc() {
    return pc;
  }

  /** Address of the instruction that is being executed. */
  public long instructionAddress() {
    return instructionAddress;
  }

  /** The instruction at an address begins, with so many finished before it. */
  void begins(long address, long executed) {
    instructionAddress = address;
    pc = address + 4;
    instructions = executed;
  }

  /**
   * An instruction is finished, so many in all.
   *
   * @return whether the one at {@code next} may not simply follow
   */
  boolean finishes(long next, long executed) {
    instructions = executed;
    return attention | pc != next;
  }

  /** So many instructions are finished; it goes on at an address. */
  void goesOnAt(long address, long executed) {
    pc = address;
    instructions = executed;
  }

  /** Continues elsewhere. */
  public void branch(long target) {
    pc = target;
  }

  /**
   * Continues elsewhere, as BR and BLR do.
   *
   * @param kind what the instruction there sees in PSTATE.BTYPE, on a PE with FEAT_BTI
   */
  void branchIndirectly(long target, int kind) {
    branchWithoutTag(target);
    setBtype(kind, instructions + 1);
  }

  /** Continues at an address from a register: without its tag, where TCR_ELx.TBIn ignores one. */
  void branchWithoutTag(long target) {
    long top = target >> 55;
    pc = top == 0 || top == -1 ? target : memory.translator().controls().first().untagged(target);
  }

  private void setBtype(int kind, long at) {
    btype = kind;
    btypeAt = kind != 0 && OptionalFeature.FEAT_BTI.isIn(system) ? at : -1;
  }

  /** Condition flags: N = 8, Z = 4, C = 2, V = 1. */
  public int nzcv() {
    return nzcv;
  }

  public void setNzcv(int flags) {
    nzcv = flags;
  }

  /** Exception level, 0 to 2. */
  public int el() {
    return el;
  }

  /** Instructions started so far and finished with. */
  public long instructions() {
    return instructions;
  }

  public SystemRegisters system() {
    return system;
  }

  /** V0 to V31. */
  public VectorRegisters vectors() {
    return vectors;
  }

  /** Whether this PE executes nothing more. */
  public boolean isHalted() {
    return halted;
  }

  /** Executes nothing more from now on. */
  public void halt() {
    halted = true;
    attention = true;
  }

  /** Whether this PE executes, waits or is off. */
  public Waiting waiting() {
    return waiting;
  }

  /** How this PE is connected to its board. */
  public Wiring wiring() {
    return wiring;
  }

  /** PSTATE in the layout of SPSR_EL2. */
  public long pstate() {
    long indirect = btypeAt == instructions ? (long) btype << Pstate.BTYPE_SHIFT : 0;
    return (long) nzcv << 28 | pstate | indirect | (long) el << 2;
  }

  /**
   * Sets the whole of PSTATE from the layout of SPSR_EL2, and the stack pointer that belongs to it.
   */
  void setPstate(long value) {
    system.set(stackPointerRegister(), sp);
    nzcv = (int) (value >>> 28) & 0xf;
    el = (int) (value >>> 2) & 3;
    pstate = value & kept();
    setBtype((int) (value >>> Pstate.BTYPE_SHIFT) & 3, instructions + 1);
    sp = system.get(stackPointerRegister());
    contextChanged();
  }

  private long kept() {
    return Pstate.KEPT | Pstate.SP | writable.pstate(system);
  }

  /** PSTATE without flags, exception level and BTYPE. */
  long pstateBits() {
    return pstate;
  }

  /** Sets bits of PSTATE other than flags, exception level and SPSel. */
  void setPstateBits(long value) {
    pstate = value;
    contextChanged();
  }

  /**
   * Flips condition flags and interrupt masks from outside.
   *
   * @param bits in the layout of SPSR_EL2: N, Z, C, V in 31:28 and D, A, I, F in 9:6
   */
  public void flipFlagsAndMasks(long bits) {
    nzcv ^= (int) (bits >>> 28) & 0xf;
    setPstateBits(pstate ^ (bits & Pstate.DAIF));
  }

  private void contextChanged() {
    memory.contextChanged();
    interrupts.changed();
    step.changed();
  }

  private int stackPointerRegister() {
    if ((pstate & Pstate.SP) == 0 || el == 0) {
      return SP_EL0;
    }
    return el == 1 ? SystemRegisters.SP_EL1 : SystemRegisters.SP_EL2;
  }

  /** Puts the value of the stack pointer in use where its banked register is read. */
  void bankStackPointer() {
    system.set(stackPointerRegister(), sp);
  }

  /** Takes the stack pointer in use from its banked register, after that was written. */
  void unbankStackPointer() {
    sp = system.get(stackPointerRegister());
  }

  /** Reads {@code size} (1, 2, 4, 8) bytes of memory, zero-extended, as a normal data access. */
  public long load(long va, int size) {
    return memory.load(va, size, Access.Kind.READ, 0);
  }

  /** Writes {@code size} (1, 2, 4, 8) bytes of memory as a normal data access. */
  public void store(long va, int size, long value) {
    memory.store(va, size, value, Access.Kind.WRITE, 0);
  }

  /**
   * Writes two elements that follow one another, as one instruction: if either is refused neither
   * is written.
   */
  public void storePair(long va, int size, long first, long second) {
    if ((va ^ (va + 2L * size - 1)) >>> 12 != 0) {
      memory.probeWrite(va, size);
      memory.probeWrite(va + size, size);
    }
    store(va, size, first);
    store(va + size, size, second);
  }

  /** Throws what a write of these bytes would throw of alignment and translation. */
  void probeWrite(long va, int size) {
    memory.probeWrite(va, size);
  }

  /**
   * Reads as {@link #load(long, int)} with {@link Manner#UNPRIVILEGED} or {@link Manner#ALIGNED}.
   */
  public long load(long va, int size, int how) {
    return memory.load(va, size, Access.Kind.READ, how);
  }

  /**
   * Writes as {@link #store(long, int, long)} with {@link Manner#UNPRIVILEGED} or {@link
   * Manner#ALIGNED}.
   */
  public void store(long va, int size, long value, int how) {
    memory.store(va, size, value, Access.Kind.WRITE, how);
  }

  /** Reads for an atomic: needs permission to read and to write. */
  public long loadForAtomic(long va, int size) {
    return memory.load(va, size, Access.Kind.ATOMIC, Manner.WITHIN_16);
  }

  /** Writes for an atomic that has read the same bytes. */
  public void storeForAtomic(long va, int size, long value) {
    memory.store(va, size, value, Access.Kind.ATOMIC, Manner.WITHIN_16);
  }

  /** Marks {@code bytes} bytes for exclusive access. */
  public void markExclusive(long va, int bytes) {
    memory.markExclusive(va, bytes);
  }

  /** Whether an exclusive store to these bytes may be made; the mark is gone afterwards. */
  public boolean takeExclusive(long va, int bytes) {
    return memory.exclusives().take(va, bytes);
  }

  /** CLREX. */
  public void clearExclusive() {
    memory.exclusives().clear();
  }

  /** Sets the level of this PE's IRQ input; an IRQ is taken between instructions. */
  public void setIrqLine(boolean level) {
    interrupts.setIrqLine(level);
  }

  /** The exception of an UNDEFINED instruction, to be thrown. */
  public RuntimeException undefined() {
    return pending.other(exceptions.targetOfOwnExceptions(), ExceptionModel.EC_UNKNOWN, 0);
  }

  /** ERET. */
  public void exceptionReturn() {
    if (el == 0) {
      throw undefined();
    }
    if (SystemContext.isNested(this)) {
      throw pending.other(2, ExceptionModel.EC_ERET, 0);
    }
    exceptions.returnFromException();
  }

  /**
   * Puts a device behind System registers: from now on it answers for them, on this PE.
   *
   * @param registers their names
   */
  public void attach(SystemRegisterDevice device, String... registers) {
    for (String register : registers) {
      devices[SystemRegisters.index(register)] = device;
    }
  }

  /** Who is told what is no event. */
  public Onlookers onlookers() {
    return onlookers;
  }

  /** MRS: reads the register of an encoding (op0:op1:CRn:CRm:op2). */
  public long readSystem(int encoding, int rt) {
    return SystemAccess.read(this, encoding, rt);
  }

  /** MSR (register): writes the register of an encoding (op0:op1:CRn:CRm:op2). */
  public void writeSystem(int encoding, int rt, long value) {
    SystemAccess.write(this, encoding, rt, value);
  }

  /** Writes a System register and lets it take effect. */
  public void setSystem(int index, long value) {
    SystemRegisterDevice device = devices[index];
    if (device != null) {
      device.write(index, value);
      return;
    }
    if (index == stackPointerRegister()) {
      sp = value;
    }
    if (index == SystemRegisters.HCR_EL2 || Waiting.decidesEvents(index)) {
      waiting.hear();
    }
    system.set(index, writable.written(index, value));
    if (TranslationControls.dependOn(index)) {
      memory.controlsChanged();
    }
    interrupts.changed();
    step.changed();
  }

  /**
   * The value of a System register, with the stack pointer in use where it is banked. Looking at it
   * changes nothing.
   */
  public long system(int index) {
    SystemRegisterDevice device = devices[index];
    if (device != null) {
      return device.peek(index);
    }
    return index == stackPointerRegister() ? sp : system.get(index);
  }

  /** Reads a System register as MRS does once nothing forbids it. */
  long readSystem(int index) {
    SystemRegisterDevice device = devices[index];
    if (device != null) {
      return device.read(index);
    }
    return index == stackPointerRegister() ? sp : system.get(index);
  }

  /** Throws the Illegal Execution state exception where PSTATE.IL asks for it. */
  void checkState() {
    if ((pstate & Pstate.IL) != 0) {
      throw pending.other(exceptions.targetOfOwnExceptions(), ExceptionModel.EC_ILLEGAL_STATE, 0);
    }
  }

  /**
   * Says that somebody outside has acted on the machine in the middle of an instruction: what the
   * instruction has read of the tables so far may be no longer so.
   */
  public void intervened() {
    interventions++;
    attention = true;
  }

  long interventions() {
    return interventions;
  }

  /** Reports what happened on this PE. */
  public void report(SimEvent event) {
    sink.happened(id, event);
  }

  MemoryPort memory() {
    return memory;
  }

  ExceptionModel exceptions() {
    return exceptions;
  }

  /** General, system and vector registers now. */
  public RegisterFile registerFile() {
    bankStackPointer();
    long[] values = system.save();
    for (int i = 0; i < devices.length; i++) {
      SystemRegisterDevice device = devices[i];
      if (device != null) {
        values[i] = device.peek(i);
      }
    }
    return new RegisterFile(x, SystemRegisters.indices(), values, vectors.save());
  }

  public PeState save() {
    bankStackPointer();
    return new PeState(
        x.clone(),
        sp,
        pc,
        pstate(),
        instructions,
        system.save(),
        vectors.save(),
        memory.exclusives().address(),
        memory.exclusives().bytes(),
        memory.exclusives().granule(),
        interrupts.irqLine(),
        interrupts.raised(),
        waiting.save(),
        step.save(),
        halted);
  }

  public void restore(PeState state) {
    System.arraycopy(state.general(), 0, x, 0, x.length);
    system.restore(state.system());
    vectors.restore(state.vectors());
    nzcv = (int) (state.pstate() >>> 28) & 0xf;
    el = (int) (state.pstate() >>> 2) & 3;
    pstate = state.pstate() & kept();
    setBtype((int) (state.pstate() >>> Pstate.BTYPE_SHIFT) & 3, state.instructions());
    sp = state.sp();
    pc = state.pc();
    instructions = state.instructions();
    halted = state.halted();
    memory
        .exclusives()
        .restore(state.exclusiveAddress(), state.exclusiveBytes(), state.exclusiveGranule());
    waiting.restore(state.waiting());
    step.restore(state.step());
    memory.controlsChanged();
    interrupts.restore(state.irqLine(), state.raised());
  }
}
