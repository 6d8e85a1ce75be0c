package dev.stagewalk.app.tables;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.cpu.RegisterFile;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.Translation;
import dev.stagewalk.explain.Explainer;
import dev.stagewalk.explain.Explanation;
import dev.stagewalk.explain.Scene;
import dev.stagewalk.mmu.Stage1Parameters;
import dev.stagewalk.mmu.Stage2Parameters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One translation and what it was made with.
 *
 * @param world registers and memory
 * @param first stage 1; null where an IPA was translated
 * @param second stage 2
 * @param translation the result
 */
record Walk(
    World world,
    @Nullable Stage1Parameters first,
    Stage2Parameters second,
    Translation translation) {

  /** HPFAR_EL2.FIPA: IPA bits 51:12 at bits 43:4. */
  private static final long FIPA = 0xfff_ffff_fff0L;

  /** "a read of 8 bytes at EL1". */
  String request() {
    Access access = translation.access();
    String what =
        switch (access.kind()) {
          case READ -> "a read of " + Texts.count(access.size(), "byte");
          case WRITE -> "a write of " + Texts.count(access.size(), "byte");
          case FETCH -> "an instruction fetch";
          case ATOMIC -> "an atomic read and write of " + Texts.count(access.size(), "byte");
        };
    return what + " with the permissions of " + (access.privileged() ? privilegedLevel() : "EL0");
  }

  private String privilegedLevel() {
    return first == null || first.regime() == Regime.EL1_0 ? "EL1" : "EL2";
  }

  /**
   * Where the walk needs a descriptor that the dump has not, so that the result cannot be told;
   * empty if all is there.
   */
  Optional<Lookup> missing() {
    return world.partial() ? unread(translation.lookups()) : Optional.empty();
  }

  private static Optional<Lookup> unread(List<Lookup> lookups) {
    return lookups.stream()
        .flatMap(lookup ->
            lookup.verdict() == Lookup.Verdict.EXTERNAL_ABORT
                ? Stream.of(lookup)
                : unread(lookup.nested()).stream())
        .findFirst();
  }

  /** "cannot be told: PA 0x5000_0000 is not in the dump: …", and what would help. */
  String untold(Lookup lookup) {
    return "cannot be told: "
        + world.missing().apply(lookup.descriptorAddress())
        + "; add it with --dump FILE@"
        + Hex.address(lookup.descriptorAddress() & -4096);
  }

  /** The walk in words: what if it had been otherwise, and what may be done about a fault. */
  Explanation explanation() {
    Map<String, Long> registers = new HashMap<>(world.registers());
    if (first != null) {
      // As assumed where they were not given.
      registers.put("SCTLR_" + first.registers().suffix(), first.registers().sctlr());
    }
    Map<String, Integer> index = new HashMap<>();
    long[] values = new long[registers.size()];
    registers.forEach((name, value) -> {
      values[index.size()] = value;
      index.put(name, index.size());
    });
    return Explainer.explain(
        new Scene(
            new Event(0, Moment.at(0), 0, new SimEvent.Translated(0, translation)),
            List.of(),
            new RegisterFile(new long[31], index, values),
            world.reader(),
            1L << Math.min(48, second.outputBits()),
            second,
            Optional.empty(),
            Optional.empty()));
  }

  /** Registers that an abort would leave, each with what it says; empty if there is none. */
  List<Syndrome> syndrome() {
    if (!(translation.outcome() instanceof Translation.Fault fault) || missing().isPresent()) {
      return List.of();
    }
    boolean own = first != null && first.regime() != Regime.EL1_0;
    boolean toEl2 = fault.stage() == 2 || own;
    boolean same = own || (fault.stage() == 1 && translation.access().privileged());
    boolean fetch = translation.access().kind() == Access.Kind.FETCH;
    long ec = (fetch ? 0x20 : 0x24) + (same ? 1 : 0);
    long esr =
        ec << 26
            | 1L << 25
            | (fault.onStage1Walk() ? 1L << 7 : 0)
            | (!fetch && fault.asWrite() ? 1L << 6 : 0)
            | fault.kind().statusCode(fault.level());
    String suffix = toEl2 ? "_EL2" : "_EL1";
    List<Syndrome> rows = new ArrayList<>();
    rows.add(
        new Syndrome(
            "ESR" + suffix,
            esr,
            true,
            dev.stagewalk.arch.Syndrome.of(esr).sentence()
                + (describes(fault, fetch)
                    ? "; ISV and its fields are set too if one general register is loaded or stored"
                    : "")));
    boolean va = first != null;
    rows.add(
        new Syndrome(
            "FAR" + suffix,
            translation.input(),
            va,
            va ? "the VA" : "the VA of the access; with stage 1 off it is the IPA"));
    if (fault.stage() == 2) {
      boolean valid = fault.givesHpfar();
      rows.add(
          new Syndrome(
              "HPFAR_EL2",
              valid ? fault.ipa() >>> 12 << 4 & FIPA : 0,
              valid,
              valid
                  ? "IPA page " + Hex.address(fault.ipa() & -4096)
                  : "UNKNOWN for this kind of fault"));
    }
    return rows;
  }

  private static boolean describes(Translation.Fault fault, boolean fetch) {
    return fault.stage() == 2 && !fetch && !fault.onStage1Walk();
  }

  /**
   * A register after the abort.
   *
   * @param known false where the value is not known, and 0 or a guess is given
   */
  record Syndrome(String register, long value, boolean known, String meaning) {}
}
