package dev.stagewalk.app;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Syndrome;
import dev.stagewalk.mmu.Fact;
import dev.stagewalk.mmu.Features;
import dev.stagewalk.mmu.Problem;
import dev.stagewalk.mmu.Stage2Parameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What follows from the value of a register beyond its fields.
 *
 * @param facts one row each
 * @param problems what is wrong with it
 */
record RegisterFacts(List<Fact> facts, List<Problem> problems) {
  private static final Set<String> OF_THE_ROOT = Set.of("Root base", "VMID");
  private static final Set<Problem.Kind> OF_VTTBR =
      Set.of(
          Problem.Kind.ROOT_BEYOND_OUTPUT_SIZE,
          Problem.Kind.ROOT_MISALIGNED,
          Problem.Kind.VMID_BITS_IGNORED);

  RegisterFacts {
    facts = List.copyOf(facts);
    problems = List.copyOf(problems);
  }

  /**
   * What follows from a value.
   *
   * @param vtcr VTCR_EL2 to read VTTBR_EL2 and HCR_EL2 with
   * @param paBits physical address size of the PE
   * @throws IllegalArgumentException if no PE has that physical address size
   */
  static RegisterFacts of(String register, long value, Optional<Long> vtcr, long hcr, int paBits) {
    Features features = Features.MAX.withPaBits(paBits);
    return switch (register) {
      case "VTCR_EL2" -> ofVtcr(Stage2Parameters.decode(value, 0, hcr, features));
      case "VTTBR_EL2" ->
          vtcr.isPresent()
              ? ofRoot(Stage2Parameters.decode(vtcr.get(), value, hcr, features))
              : ofRootAlone(value);
      case "HCR_EL2" -> ofHcr(value, vtcr.orElse(0L), features);
      case "HPFAR_EL2" -> ofHpfar(value);
      case "ESR_EL1", "ESR_EL2" -> ofSyndrome(value);
      default -> new RegisterFacts(List.of(), List.of());
    };
  }

  /** "wrong: …", or "note: …" where the walker goes on. */
  static String line(Problem problem) {
    String effect =
        switch (problem.effect()) {
          case TRANSLATION_FAULT -> "every access is a Translation fault, level 0: ";
          case ADDRESS_SIZE_FAULT -> "every access is an Address size fault, level 0: ";
          case WALK_GOES_ON -> "";
        };
    return effect + problem.text();
  }

  private static RegisterFacts ofVtcr(Stage2Parameters parameters) {
    return new RegisterFacts(
        parameters.derivedFacts().stream().filter(f -> !OF_THE_ROOT.contains(f.label())).toList(),
        parameters.problems().stream().filter(p -> !OF_VTTBR.contains(p.kind())).toList());
  }

  private static RegisterFacts ofRoot(Stage2Parameters parameters) {
    return new RegisterFacts(parameters.derivedFacts(), parameters.problems());
  }

  private static RegisterFacts ofRootAlone(long value) {
    return new RegisterFacts(
        List.of(
            new Fact("VMID", (value >>> 48 & 0xff) + " (8 bits), " + (value >>> 48) + " (16 bits)"),
            new Fact(
                "Root base",
                Hex.full(value & 0xffff_ffff_fffeL)
                    + "; its alignment follows from VTCR_EL2 (--vtcr)")),
        List.of());
  }

  private static RegisterFacts ofHcr(long value, long vtcr, Features features) {
    Stage2Parameters parameters = Stage2Parameters.decode(vtcr, 0, value, features);
    List<Fact> facts = new ArrayList<>();
    boolean host = (value >>> 34 & 1) != 0 && (value >>> 27 & 1) != 0;
    facts.add(
        new Fact(
            "Stage 2 of EL1&0",
            parameters.enabled()
                ? "on"
                : host ? "off: E2H and TGE make EL0 the host's" : "off: VM and DC are 0"));
    facts.add(new Fact("Regime of EL2", (value >>> 34 & 1) != 0 ? "EL2&0 (E2H)" : "EL2"));
    facts.add(
        new Fact(
            "Memory with stage 1 off",
            (value >>> 12 & 1) != 0 ? "Normal Write-Back (DC)" : "data is Device-nGnRnE"));
    facts.add(
        new Fact(
            "MemAttr at stage 2",
            parameters.fwb() ? "with FWB, can force Write-Back" : "combined"));
    return new RegisterFacts(facts, List.of());
  }

  private static RegisterFacts ofHpfar(long value) {
    long page = (value >>> 4 & 0xfff_ffff_ffffL) << 12;
    return new RegisterFacts(
        List.of(
            new Fact("IPA", Hex.address(page) + " to " + Hex.address(page | 0xfff)),
            new Fact("IPA, bits 11:0", "those of FAR_EL2"),
            new Fact(
                "Valid after",
                "stage-2 Translation, Access flag and Address size faults, and Permission faults"
                    + " on a stage-1 walk")),
        List.of());
  }

  private static RegisterFacts ofSyndrome(long value) {
    List<Fact> facts = new ArrayList<>();
    Syndrome syndrome = Syndrome.of(value);
    syndrome
        .fault()
        .ifPresent(status -> {
          facts.add(new Fact("Fault", status.words()));
          boolean data = syndrome.code() == 0x24 || syndrome.code() == 0x25;
          if (data) {
            facts.add(
                new Fact(
                    "Can be emulated",
                    (value >>> 24 & 1) != 0
                        ? "from the syndrome alone (ISV = 1)"
                        : "only by decoding the instruction (ISV = 0)"));
          }
        });
    return new RegisterFacts(facts, List.of());
  }
}
