package dev.stagewalk.views;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Size;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.Lookup.Verdict;
import dev.stagewalk.event.SimEvent.ExceptionTaken;
import dev.stagewalk.event.Translation;
import dev.stagewalk.session.RunState;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.views.WalkCard.Offer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Puts what a walk came to into words. */
final class WalkCards {
  private static final long ISV = 1L << 24;

  private WalkCards() {}

  static WalkCard of(Snapshot snapshot, WalkSource source) {
    if (!source.isComplete()) {
      return open(source);
    }
    return switch (source.translation().outcome()) {
      case Translation.Output output -> output(source, output);
      case Translation.Fault fault -> fault(snapshot, source, fault);
    };
  }

  private static WalkCard open(WalkSource source) {
    List<Lookup> lookups = source.translation().lookups();
    List<String> sentences = new ArrayList<>();
    if (source.reads() > 0) {
      Lookup last = lookups.get(source.reads() - 1);
      sentences.add(holds(last) + " " + rule(last.rule()));
    }
    Lookup next = lookups.get(source.reads());
    sentences.add("Next: read " + place(next) + ".");
    return new WalkCard(
        Token.ACCENT,
        "",
        source.reads() == 0 ? "The walk begins" : "Lookup " + source.reads() + " of this walk",
        sentences,
        "",
        List.of(new Offer.Next(), new Offer.ShowMemory(next.descriptorAddress())));
  }

  private static WalkCard output(WalkSource source, Translation.Output output) {
    Lookup leaf = source.translation().lookups().getLast();
    long mask = (1L << output.leafShift()) - 1;
    List<String> sentences =
        List.of(
            Levels.name(leaf.level())
                + "["
                + leaf.index()
                + "] is a "
                + (leaf.verdict() == Verdict.BLOCK ? "block" : "page")
                + " of "
                + Size.words(1L << output.leafShift())
                + ": PA "
                + Hex.address(leaf.output())
                + " + offset "
                + Hex.plain(output.address() & mask)
                + ".",
            "The guest may "
                + permissions(output)
                + ". Memory type: "
                + output.memoryType().words()
                + ".");
    List<Offer> offers = new ArrayList<>();
    offers.add(new Offer.Unmap(source.translation().input()));
    offers.add(new Offer.WhoWrote(Selection.entry(leaf), "Who mapped it?"));
    offers.add(new Offer.ShowMemory(output.address()));
    return new WalkCard(
        Token.GOOD,
        "\u2714",
        "Output address " + Hex.address(output.address()),
        sentences,
        "descriptor " + Hex.full(output.leaf()),
        offers);
  }

  private static String permissions(Translation.Output output) {
    List<String> may = new ArrayList<>();
    if (output.readable()) {
      may.add("read");
    }
    if (output.writable()) {
      may.add("write");
    }
    if (output.executableAtEl1() && output.executableAtEl0()) {
      may.add("execute");
    } else if (output.executableAtEl1()) {
      may.add("execute at EL1");
    } else if (output.executableAtEl0()) {
      may.add("execute at EL0");
    }
    return may.isEmpty() ? "do nothing" : String.join(", ", may);
  }

  private static WalkCard fault(Snapshot snapshot, WalkSource source, Translation.Fault fault) {
    List<Lookup> lookups = source.translation().lookups();
    List<String> sentences = new ArrayList<>();
    sentences.add(who(snapshot, source));
    if (lookups.isEmpty()) {
      sentences.add(rule(fault.rule()));
    } else {
      Lookup last = lookups.getLast();
      sentences.add(holds(last) + " " + rule(fault.rule()));
    }
    return new WalkCard(
        Levels.hue(fault.kind()),
        Levels.symbol(fault.kind()),
        fault.kind().at(fault.level()),
        sentences,
        evidence(source, fault),
        offers(snapshot, source, fault));
  }

  private static List<Offer> offers(Snapshot snapshot, WalkSource source, Translation.Fault fault) {
    List<Offer> offers = new ArrayList<>();
    boolean mappable =
        fault.kind() == FaultKind.TRANSLATION && !source.translation().lookups().isEmpty();
    if (mappable && isOpenExit(snapshot, source)) {
      offers.add(new Offer.MapPage());
    }
    if (!source.translation().lookups().isEmpty()) {
      Lookup last = source.translation().lookups().getLast();
      offers.add(new Offer.WhoWrote(Selection.entry(last), "Who wrote it?"));
      offers.add(new Offer.ShowMemory(last.descriptorAddress()));
    }
    Event event = source.event();
    if (event != null) {
      offers.add(new Offer.Explain(event.number(), "Why level " + fault.level() + "?"));
    }
    return offers;
  }

  /** Whether this fault is the exit at which the hypervisor has not acted yet. */
  private static boolean isOpenExit(Snapshot snapshot, WalkSource source) {
    return snapshot.state() == RunState.AT_EXIT
        && snapshot.exit().isPresent()
        && snapshot.exit().get().what() instanceof ExceptionTaken e
        && source.translation().equals(e.cause());
  }

  /** "Guest EL1 stored 8 bytes (x2) at VA 0x4020_3018. Stage 1 is off, so IPA = VA." */
  private static String who(Snapshot snapshot, WalkSource source) {
    Translation walk = source.translation();
    Access access = walk.access();
    String el = access.privileged() ? "EL1" : "EL0";
    if (source.kind() == WalkSource.Kind.PROBE) {
      return "A read at " + el + " of IPA " + Hex.address(walk.input()) + " would fault.";
    }
    String size = access.size() + (access.size() == 1 ? " byte" : " bytes");
    String act =
        switch (access.kind()) {
          case READ -> "read " + size;
          case WRITE -> "wrote " + size;
          case FETCH -> "fetched an instruction";
          case ATOMIC -> "read and wrote " + size + " atomically";
        };
    ExceptionTaken taken = source.taken();
    if (taken == null) {
      return "Guest " + el + " " + act + " at IPA " + Hex.address(walk.input()) + ".";
    }
    boolean dataAbort = taken.exceptionClass() == 0x24;
    String register =
        dataAbort && (taken.esr() & ISV) != 0 ? " (" + register(taken.esr()) + ")" : "";
    boolean stage1Off = (Stage2.register(snapshot.pe(), "SCTLR_EL1") & 1) == 0;
    return "Guest "
        + el
        + " "
        + act
        + register
        + " at VA "
        + Hex.address(taken.far())
        + "."
        + (stage1Off && taken.far() == walk.input() ? " Stage 1 is off, so IPA = VA." : "");
  }

  private static String register(long esr) {
    int number = (int) (esr >>> 16) & 31;
    return number == 31 ? "xzr" : "x" + number;
  }

  private static String evidence(WalkSource source, Translation.Fault fault) {
    String status =
        "DFSC 0b"
            + String.format(
                    Locale.ROOT,
                    "%6s",
                    Integer.toBinaryString(fault.kind().statusCode(fault.level())))
                .replace(' ', '0');
    ExceptionTaken taken = source.taken();
    if (taken == null) {
      return source.kind() == WalkSource.Kind.PROBE
          ? status
          : status + " · the exception is not taken yet";
    }
    String name = taken.exceptionClass() == 0x20 ? status.replace("DFSC", "IFSC") : status;
    if (!taken.hpfarValid()) {
      return "HPFAR_EL2 is UNKNOWN for this fault; FAR_EL2 = "
          + Hex.address(taken.far())
          + " · "
          + name;
    }
    long fipa = taken.hpfar() >>> 4 & 0xff_ffff_ffffL;
    return "HPFAR_EL2.FIPA = "
        + Hex.plain(fipa)
        + " → IPA page "
        + Hex.address(fipa << 12)
        + " · "
        + name;
  }

  /** A rule without its source: the explanation of the event names it. */
  private static String rule(String sentence) {
    return sentence.replaceAll(" \\(Arm ARM[^)]*\\)", "");
  }

  private static String holds(Lookup lookup) {
    if (lookup.verdict() == Verdict.EXTERNAL_ABORT) {
      return place(lookup) + " could not be read.";
    }
    return place(lookup) + " holds " + descriptor(lookup.descriptor()) + ".";
  }

  private static String place(Lookup lookup) {
    return Levels.name(lookup.level())
        + "["
        + lookup.index()
        + "] at "
        + Hex.address(lookup.descriptorAddress());
  }

  private static String descriptor(long value) {
    return value == 0 ? "0x0" : Hex.address(value);
  }
}
