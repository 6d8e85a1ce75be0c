package dev.stagewalk.explain;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.arch.FaultStatus;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.arch.Syndrome;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.SimEvent.ExceptionTaken;
import dev.stagewalk.event.SimEvent.Translated;
import dev.stagewalk.event.Translation;
import dev.stagewalk.explain.Explanation.Draft;
import dev.stagewalk.explain.Explanation.Rule;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Instruction and data aborts, and the walks that end in one or go well. */
final class AbortStory {
  private static final long E2H_AND_TGE = 1L << 34 | 1L << 27;

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
        if (fault.stage() == 2) {
          draft.may(Remedies.of(scene, walk, fault));
        } else {
          draft.mender(OwnRemedies.mender(walk)).may(OwnRemedies.of(scene, walk, fault));
        }
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
    if (walk != null && fault.isPresent() && WhatIf.walked(fault.get().kind())) {
      found(draft, scene, walk, fault.get());
    } else {
      WalklessAbort.say(
          draft, taken, walk, fault.map(Translation.Fault::kind).or(() -> kind(syndrome)));
    }
    if (taken.toEl() == 2 && taken.fromEl() < 2 && !isOfHost(scene, taken)) {
      if (walk != null && fault.filter(f -> f.stage() == 2).isPresent()) {
        draft.may(Remedies.of(scene, walk, fault.get()));
      } else {
        draft.may(WalklessAbort.hypervisorsRemedies(kind(syndrome)));
      }
      new AbortAnswers(scene, taken, headline).addTo(draft);
    } else {
      if (taken.toEl() == 1) {
        ExceptionStory.guestsOwn(draft, scene, taken);
      }
      draft.mender(taken.toEl() == 1 ? Explanation.GUEST_OS : Explanation.HYPERVISOR);
      if (walk != null && fault.isPresent() && WhatIf.walked(fault.get().kind())) {
        draft.may(OwnRemedies.of(scene, walk, fault.get()));
      } else {
        draft.may(OwnRemedies.withoutWalk(scene, taken, kind(syndrome)));
      }
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
    String subject =
        taken.fromEl() == 2
            ? "The hypervisor"
            : isOfHost(scene, taken)
                ? "A program of the host, at EL0,"
                : "Guest EL" + taken.fromEl();
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
    Optional<Translation.Fault> fault = taken.fault();
    long ipa = walk.stage() == 1 ? fault.map(Translation.Fault::ipa).orElse(0L) : walk.input();
    if ((esr >>> 7 & 1) != 0) {
      return sentence
          + " Its stage-1 walk needs a descriptor at IPA "
          + Hex.address(ipa)
          + ", and stage 2 refused "
          + (isUpdate(walk) ? "that the hardware updates it." : "that.");
    }
    if (fault.filter(f -> f.stage() == 1).isPresent()) {
      return sentence + " Stage 1 refused it.";
    }
    return walk.stage() == 2 && ipa == taken.far() && !scene.stage1On()
        ? sentence + " Stage 1 is off, so the IPA is the same."
        : sentence + " Stage 1 gives IPA " + Hex.address(ipa) + ".";
  }

  /** An abort of the EL2&amp;0 regime: EL0 belongs to a host at EL2, and no guest is concerned. */
  private static boolean isOfHost(Scene scene, ExceptionTaken taken) {
    Translation walk = taken.cause();
    return taken.toEl() == 2
        && (walk != null && walk.stages() != null
            ? WhatIf.regime(walk) == Regime.EL2_0
            : (scene.stage2().hcr() & E2H_AND_TGE) == E2H_AND_TGE);
  }

  /** Stage 2 lets stage 1 read its descriptor, but not update it. */
  private static boolean isUpdate(Translation walk) {
    return walk.stage() == 1
        && walk.lastStage2().filter(w -> w.access().kind() == Access.Kind.WRITE).isPresent();
  }

  private static Optional<FaultKind> kind(Syndrome syndrome) {
    return syndrome.fault().flatMap(FaultStatus::kind);
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
    Optional<Lookup> refused = FaultPlace.of(walk, fault).lookup();
    if (WhatIf.heldByTlb(scene, walk, fault)) {
      draft.say(
          "No walk was made: the TLB held an entry of level "
              + fault.level()
              + (walk.vmid() < 0 ? "" : " for VMID " + walk.vmid())
              + ", and that entry refuses the access.");
    } else if (refused.isPresent()) {
      draft.say(WalkLines.found(refused.get(), walk.stage() == 1));
    } else if (walk.lookups().isEmpty()) {
      draft.say("No descriptor was read: the address was refused before the first lookup.");
    } else {
      draft.say("Stage 2 refused the IPA before its own first lookup.");
    }
    draft.walk(WalkLines.of(walk)).rule(Rule.of(fault.rule()));
    draft.counterfactual(WhatIf.of(scene, walk, fault));
  }
}
