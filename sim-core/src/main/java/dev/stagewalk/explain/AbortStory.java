package dev.stagewalk.explain;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.arch.FaultStatus;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Syndrome;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.SimEvent.ExceptionTaken;
import dev.stagewalk.event.SimEvent.Translated;
import dev.stagewalk.event.Translation;
import dev.stagewalk.explain.Explanation.Draft;
import dev.stagewalk.explain.Explanation.Rule;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Instruction and data aborts, and the walks that end in one or go well. */
final class AbortStory {
  private AbortStory() {}

  /** A walk that was made because the TLB had no entry. */
  static Explanation walk(Scene scene, Translated event) {
    Translation walk = event.translation();
    return switch (walk.outcome()) {
      case Translation.Output output -> output(scene, walk, output);
      case Translation.Fault fault -> {
        Draft draft =
            new Draft(fault.kind().at(fault.level()))
                .say(
                    "The TLB had no entry for "
                        + input(walk)
                        + ", so the MMU walked the tables for "
                        + Wording.request(walk.access())
                        + "; the exception is taken next.");
        found(draft, scene, walk, fault);
        draft.may(Remedies.of(scene, walk, fault));
        yield draft.done();
      }
    };
  }

  private static Explanation output(Scene scene, Translation walk, Translation.Output output) {
    Draft draft =
        new Draft("Output address " + Hex.address(output.address()))
            .say(
                "The TLB had no entry for "
                    + input(walk)
                    + ", so the MMU walked the tables for "
                    + Wording.request(walk.access())
                    + ": "
                    + descriptors(walk.reads())
                    + ". A TLB miss is not a fault.")
            .say(Wording.capital(Wording.outcome(walk)) + ". The TLB may hold it from now on.")
            .walk(WalkLines.of(walk));
    walk.update()
        .ifPresent(update ->
            draft.say(
                "The hardware updates the entry at "
                    + Hex.address(update.pa())
                    + " to "
                    + Wording.descriptor(update.value())
                    + " before the access."));
    if (!walk.lookups().isEmpty()) {
      draft.rule(Rule.of(walk.lookups().getLast().rule()));
    }
    if (walk.vmid() >= 0) {
      draft.evidence("VMID", Integer.toString(walk.vmid()), "tags the entry in the TLB");
    }
    return draft.done();
  }

  private static String descriptors(int reads) {
    return reads == 1 ? "1 descriptor read" : reads + " descriptors read";
  }

  private static String input(Translation walk) {
    return (walk.stage() == 1 ? "VA " : "IPA ") + Hex.address(walk.input());
  }

  /** An abort that was taken. */
  static Explanation taken(Scene scene, ExceptionTaken taken) {
    Translation walk = taken.cause();
    Optional<Translation.Fault> fault = taken.fault();
    Syndrome syndrome = Syndrome.of(taken.esr());
    String headline =
        fault
            .map(f -> f.kind().at(f.level()))
            .orElseGet(() -> syndrome.fault().map(FaultStatus::words).orElse("Abort"));
    Draft draft =
        new Draft(headline)
            .route("EL" + taken.fromEl() + " → EL" + taken.toEl())
            .say(who(scene, taken, walk));
    draft.evidence(SyndromeEvidence.of(scene, taken));
    if (walk != null && fault.isPresent()) {
      found(draft, scene, walk, fault.get());
      draft.may(Remedies.of(scene, walk, fault.get()));
    } else {
      withoutWalk(draft, taken, syndrome);
    }
    if (taken.toEl() == 2) {
      new AbortAnswers(scene, taken, headline).addTo(draft);
    } else {
      ExceptionStory.guestsOwn(draft, scene, taken);
    }
    return draft.steps(HostSteps.of(scene)).done();
  }

  /** "Guest EL1 stored 8 bytes (x2) at VA 0x4020_3018. Stage 1 is off, so the IPA is the same." */
  private static String who(Scene scene, ExceptionTaken taken, @Nullable Translation walk) {
    long esr = taken.esr();
    boolean fetch = taken.exceptionClass() <= 0x21;
    boolean isv = !fetch && (esr >>> 24 & 1) != 0;
    boolean wide = (esr >>> 15 & 1) != 0;
    String register = isv ? Wording.register((int) (esr >>> 16) & 31, wide) : "";
    String subject = taken.fromEl() == 2 ? "The hypervisor" : "Guest EL" + taken.fromEl();
    if (walk != null && !walk.access().privileged() && taken.fromEl() == 1) {
      subject += ", by an unprivileged instruction,";
    }
    String act;
    if (walk != null) {
      act = act(walk.access(), register);
    } else if (fetch) {
      act = " fetched an instruction";
    } else {
      act = (esr >>> 6 & 1) != 0 ? " stored" : " loaded";
      if (isv) {
        act += " " + Wording.bytes(1L << (esr >>> 22 & 3)) + " (" + register + ")";
      }
    }
    String sentence = subject + act + " at VA " + Hex.address(taken.far()) + ".";
    if (walk == null) {
      return sentence;
    }
    if ((esr >>> 7 & 1) != 0) {
      return sentence
          + " Its stage-1 walk needs a descriptor at IPA "
          + Hex.address(walk.input())
          + ", and stage 2 refused that.";
    }
    if (walk.stage() == 1) {
      return sentence;
    }
    boolean same = walk.input() == taken.far();
    return same && !scene.stage1On()
        ? sentence + " Stage 1 is off, so the IPA is the same."
        : sentence + " Stage 1 gives IPA " + Hex.address(walk.input()) + ".";
  }

  private static String act(Access access, String register) {
    String size = Wording.bytes(access.size());
    return switch (access.kind()) {
      case READ -> " loaded " + size + (register.isEmpty() ? "" : " (into " + register + ")");
      case WRITE -> " stored " + size + (register.isEmpty() ? "" : " (" + register + ")");
      case FETCH -> " fetched an instruction";
      case ATOMIC -> " read and wrote " + size + " atomically";
    };
  }

  /** What the walk met, the rule, and what another descriptor would have given. */
  private static void found(Draft draft, Scene scene, Translation walk, Translation.Fault fault) {
    List<Lookup> lookups = walk.lookups();
    if (WhatIf.heldByTlb(walk, fault)) {
      draft.say(
          "No walk was made: the TLB held an entry of level "
              + fault.level()
              + " for VMID "
              + walk.vmid()
              + ", and that entry refuses the access.");
    } else if (lookups.isEmpty()) {
      draft.say("No descriptor was read: the address was refused before the first lookup.");
    } else {
      draft.say(WalkLines.found(lookups.getLast()));
    }
    draft.walk(WalkLines.of(walk)).rule(Rule.of(fault.rule()));
    draft.counterfactual(WhatIf.of(scene, walk, fault));
  }

  private static void withoutWalk(Draft draft, ExceptionTaken taken, Syndrome syndrome) {
    FaultKind kind = syndrome.fault().flatMap(FaultStatus::kind).orElse(FaultKind.TRANSLATION);
    switch (kind) {
      case EXTERNAL ->
          draft
              .say("The address translates, but neither memory nor a device answers there.")
              .rule(
                  "What lies behind the MMU refused the access; no table is at fault.",
                  "Synchronous External aborts");
      case ALIGNMENT -> {
        draft.say("The address is not a multiple of what the access needs.");
        if (taken.toEl() == 2) {
          draft
              .rule(
                  "Every access to Device memory must be aligned; where stage 2 makes the memory"
                      + " Device, the fault is one of stage 2.",
                  "Alignment of data accesses")
              .may(
                  "Map it as Normal memory",
                  "If memory lies behind it. A change of the memory type of a live entry must go"
                      + " through invalid (break-before-make).");
        } else {
          draft.rule(
              "Accesses to Device memory, exclusive and ordered accesses must be aligned; all"
                  + " others too if SCTLR_ELx.A is 1.",
              "Alignment of data accesses");
        }
      }
      case UNSUPPORTED_EXCLUSIVE ->
          draft
              .say("Exclusive and atomic accesses are not supported at this memory.")
              .rule(
                  "Only Normal Write-Back memory must support them.",
                  "Load-Exclusive and Store-Exclusive instructions");
      case TLB_CONFLICT ->
          draft
              .say("More than one TLB entry matched the address.")
              .rule(
                  "Entries that overlap, as a change without break-before-make leaves them, may"
                      + " raise a TLB conflict abort.",
                  "TLB conflict aborts");
      case ADDRESS_SIZE -> {
        if (taken.toEl() == 1) {
          draft
              .say("The address has more bits than a physical address can have here.")
              .rule(
                  "With stage 1 off, a VA with bits above the implemented physical address size is"
                      + " an Address size fault of level 0, taken by stage 1.",
                  "The effects of disabling a stage of address translation");
        }
      }
      case TRANSLATION, ACCESS_FLAG, PERMISSION, EXTERNAL_ON_WALK -> {
        // Its walk is not known, so the syndrome is all there is.
      }
    }
  }
}
