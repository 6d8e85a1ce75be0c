package dev.stagewalk.hyp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.hyp.GuestRegion.Kind;
import java.util.List;
import java.util.function.UnaryOperator;

/** A guest on a machine that only takes exits, with a handler chain of a test's choice. */
final class Exits {
  static final long CODE = 0x4000_0000L;
  static final long PC = 0x4000_0200L;
  static final long HEAP = 0x4040_0000L;
  static final long SHARED = 0x4030_0000L;
  static final long CONSOLE = 0x0a00_0000L;

  static final long HVC_0 = 0x5a00_0000L;
  static final long WRITE_TRANSLATION_L3 = 0x93c2_8047L;
  static final long READ_PERMISSION_L3 = 0x9382_800fL;
  static final long WRITE_PERMISSION_L3 = 0x93c2_804fL;

  /** A load whose walk of stage 1 met a page that stage 2 lets it only read. */
  static final long WALK_PERMISSION_L3 = 0x9200_008fL;

  final TestMachine machine = new TestMachine();
  final Hypervisor hypervisor;

  Exits(String handlers) {
    this(handlers, Defects.NONE, builder -> builder);
  }

  Exits(String handlers, Defects defects, UnaryOperator<GuestBuilder> more) {
    GuestBuilder builder =
        Guest.builder("guest")
            .geometry(Granule.K4, 40)
            .image(PC)
            .memory(
                List.of(
                    GuestRegion.of("code", Kind.CODE, CODE, 2L << 20),
                    new GuestRegion("shared", Kind.COPY_ON_WRITE, SHARED, 0x4000, 0x1234),
                    GuestRegion.of("console", Kind.EMULATED, CONSOLE, 0x1000),
                    GuestRegion.of("heap", Kind.ON_DEMAND, HEAP, 4L << 20)))
            .handler(Guest.VECTOR_SYNC_LOWER_64, ExitHandlers.parse(handlers));
    hypervisor = new Hypervisor(more.apply(builder).build(), defects);
    hypervisor.boot(machine, machine);
    assertThat(machine.running).as(machine.stopped).isTrue();
    machine.takeLog();
  }

  /** An exit; what the handlers answered. */
  String exit(long esr, long far, long hpfar) {
    return exit(esr, far, hpfar, PC);
  }

  String exit(long esr, long far, long hpfar, long elr) {
    machine.log.clear();
    machine.exception(esr, far, hpfar, elr);
    hypervisor.onExit(machine, machine, Guest.VECTOR_SYNC_LOWER_64, Instead.HANDLER);
    return answer();
  }

  /** The last answer of a handler. */
  String answer() {
    return machine.log.stream()
        .filter(line -> line.startsWith("RESUME ") || line.startsWith("EXIT "))
        .reduce("", (before, line) -> line);
  }

  Mapping mapping(long ipa) {
    return hypervisor.stage2(machine).query(ipa).orElseThrow();
  }

  long elr() {
    return machine.register("ELR_EL2");
  }

  /** Puts an instruction where the guest exits. */
  void instruction(int word) {
    machine.put(PC, word & 0xffff_ffffL);
  }
}
