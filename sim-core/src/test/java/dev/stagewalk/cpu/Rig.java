package dev.stagewalk.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.StopHere;
import dev.stagewalk.isa.asm.Assembled;
import dev.stagewalk.isa.asm.Assembler;
import dev.stagewalk.mem.Device;
import dev.stagewalk.mem.PhysicalMemory;
import dev.stagewalk.mem.PhysicalSpace;
import dev.stagewalk.mmu.Features;
import dev.stagewalk.mmu.Tlb;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One PE at EL1 with stage 1 off and made Normal by HCR_EL2.DC, under a flat stage 2 of 4 KiB pages
 * for 2 MiB of RAM. What is taken to EL2 ends the run.
 */
final class Rig {
  static final long RAM = 0x4000_0000L;
  static final long CODE = RAM;
  static final long DATA = RAM + 0x10_0000;
  static final long EL1_VECTORS = RAM + 0x8000;

  /** Where there is neither RAM nor a device. */
  static final long NOWHERE = 0x3000_0000L;

  /** Beyond what stage 2 maps flat, for tables. */
  private static final long TABLES = RAM + 0x20_0000;

  private static final long PAGE = 0x7ff;
  private static final long TABLE = 3;

  static final long HCR = 1L << 31 | 1L << 12 | 1;
  static final long VTCR = 1L << 31 | 5L << 16 | 1 << 6 | 25;

  final PhysicalMemory ram = new PhysicalMemory(RAM, 4 << 20);
  final Tlb tlb;
  final Pe pe;
  final List<SimEvent> events = new ArrayList<>();
  final Interpreter interpreter;
  private @Nullable Runnable onWalk;
  private boolean resumes;
  private int eventsLeft;

  Rig() {
    this(Tlb.Mode.REALISTIC);
  }

  Rig(Tlb.Mode mode, Device... devices) {
    this(mode, Engine.USUAL, devices);
  }

  Rig(Tlb.Mode mode, Engine engine, Device... devices) {
    this(new Tlb(mode, Tlb.USUAL_CAPACITY, 1), engine, devices);
  }

  Rig(Tlb tlb, Engine engine, Device... devices) {
    this.tlb = tlb;
    PhysicalSpace space = new PhysicalSpace(ram, List.of(devices));
    pe = new Pe(0, space, tlb, Features.MAX, (id, event) -> happened(event));
    El2Software software =
        new El2Software() {
          @Override
          public void started(Pe self) {
            throw new IllegalStateException("at EL2 with nothing to do");
          }

          @Override
          public void entered(Pe self, int vector) {
            if (resumes) {
              resume(vector);
            } else {
              self.halt();
            }
          }
        };
    interpreter = new Interpreter(pe, software, engine);
    pe.reset();
    set("ID_AA64MMFR1_EL1", 0x1021_2122L);
    set("ID_AA64MMFR2_EL1", 0x1011L);
    set("HCR_EL2", HCR);
    set("VTCR_EL2", VTCR);
    set("VTTBR_EL2", TABLES);
    set("VBAR_EL1", EL1_VECTORS);
    set("VBAR_EL2", RAM + 0x9000);
    set("SCTLR_EL1", 0x30d0_0800L);
    ram.write(TABLES + 8, 8, (TABLES + 0x1000) | TABLE);
    ram.write(TABLES + 0x1000, 8, (TABLES + 0x2000) | TABLE);
    for (long page = 0; page < 512; page++) {
      setLeaf(RAM + (page << 12), RAM + (page << 12) | PAGE);
    }
    pe.setPstate(0x3c5);
  }

  /** From now on EL2 returns to what comes after the instruction it was entered from. */
  Rig resumesAtEl2() {
    resumes = true;
    return this;
  }

  private void resume(int vector) {
    long elr = get("ELR_EL2");
    boolean inCode = elr >= CODE && elr < EL1_VECTORS;
    boolean after = vector % 4 != 0 || exceptionClass(2) == ExceptionModel.EC_HVC64;
    // From anywhere else back into the program, to a place that depends on where it was.
    set("ELR_EL2", inCode ? elr + (after ? 0 : 4) : CODE + (elr >>> 2) % 1000 * 4);
    pe.exceptionReturn();
  }

  /** Stops, inside an instruction, after so many events more; 0 for not at all. */
  void stopAfter(int newEventsLeft) {
    eventsLeft = newEventsLeft;
  }

  private void happened(SimEvent event) {
    events.add(event);
    if (eventsLeft > 0 && --eventsLeft == 0) {
      throw StopHere.STOP;
    }
    Runnable action = onWalk;
    if (event instanceof SimEvent.Translated && action != null) {
      onWalk = null;
      action.run();
    }
  }

  /** Does something in the middle of the next walk. */
  void onWalk(Runnable action) {
    onWalk = action;
  }

  /** Sets the level 3 descriptor of an IPA in the first 2 MiB of RAM; no TLBI. */
  void setLeaf(long ipa, long descriptor) {
    ram.write(leafAddress(ipa), 8, descriptor);
  }

  static long leafAddress(long ipa) {
    return TABLES + 0x2000 + (ipa >>> 12 & 511) * 8;
  }

  /** Address of the level 2 descriptor of the first 2 MiB of RAM. */
  static long levelTwo() {
    return TABLES + 0x1000;
  }

  /** A descriptor for a page with all rights, Normal memory. */
  static long page(long pa) {
    return pa | PAGE;
  }

  void set(String register, long value) {
    pe.setSystem(SystemRegisters.index(register), value);
  }

  long get(String register) {
    return pe.system(SystemRegisters.index(register));
  }

  /** Assembles a source at an address and lets the PE go on there. */
  Rig code(String source) {
    return code(CODE, source);
  }

  Rig code(long at, String source) {
    Assembled assembled = new Assembler().assemble("test.s", source, at);
    assertThat(assembled.errors()).isEmpty();
    ram.write(at, assembled.image());
    pe.branch(at);
    return this;
  }

  /** Executes that many instructions, fewer if something is taken to EL2. */
  Rig run(int instructions) {
    interpreter.run(pe.instructions() + instructions);
    return this;
  }

  /** Executes until something is taken to EL2, which must happen soon. */
  Rig runToEl2() {
    run(1000);
    assertThat(pe.isHalted()).as("something was taken to EL2").isTrue();
    return this;
  }

  int exceptionClass(int el) {
    return (int) (get("ESR_EL" + el) >>> 26) & 0x3f;
  }

  long iss(int el) {
    return get("ESR_EL" + el) & 0x1ff_ffff;
  }

  /** Walks made so far. */
  long walks() {
    return events.stream().filter(SimEvent.Translated.class::isInstance).count();
  }
}
