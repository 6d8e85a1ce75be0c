package dev.stagewalk.views;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Size;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.Lookup.Verdict;
import dev.stagewalk.event.SimEvent.ExceptionTaken;
import dev.stagewalk.event.StageOutput;
import dev.stagewalk.event.Stages;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.session.RunState;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.views.WalkCard.Offer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** Puts what a walk came to into words. */
final class WalkCards {
  private static final long ISV = 1L << 24;
  private static final long SF = 1L << 15;

  private WalkCards() {}

  static WalkCard of(Snapshot snapshot, WalkSource source) {
    if (!source.isComplete()) {
      return open(source);
    }
    return switch (source.translation().outcome()) {
      case Translation.Output output -> output(snapshot, source, output);
      case Translation.Fault fault -> fault(snapshot, source, fault);
    };
  }

  private static WalkCard open(WalkSource source) {
    List<Lookup> read = read(source);
    List<String> sentences = new ArrayList<>();
    if (source.reads() > 0) {
      Lookup last = read.get(source.reads() - 1);
      sentences.add(capital(holds(source, last)) + " " + rule(last.rule()));
    }
    Lookup next = read.get(source.reads());
    sentences.add("Next: read " + place(source, next) + ".");
    return new WalkCard(
        Token.ACCENT,
        "",
        source.reads() == 0
            ? "The walk begins"
            : "Lookup " + source.reads() + " of " + (isOfBoth(source) ? read.size() : "this walk"),
        sentences,
        "",
        List.of(new Offer.Next(), new Offer.ShowMemory(next.descriptorAddress())));
  }

  /** All lookups that read a descriptor, in the order of the reads. */
  private static List<Lookup> read(WalkSource source) {
    return source.inOrder().stream().filter(l -> l.verdict() != Verdict.UNREACHED).toList();
  }

  private static WalkCard output(Snapshot snapshot, WalkSource source, Translation.Output output) {
    List<Lookup> lookups = source.translation().lookups();
    List<String> sentences = new ArrayList<>();
    Stages stages = source.translation().stages();
    long mask = (1L << output.leafShift()) - 1;
    if (stages != null && stages.stage1() != null) {
      addStage(sentences, 1, source.translation().input(), stages.stage1());
      if (stages.stage2() != null) {
        addStage(sentences, 2, stages.stage1().address(), stages.stage2());
      }
    } else if (!lookups.isEmpty()) {
      Lookup leaf = lookups.getLast();
      sentences.add(
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
              + ".");
    }
    held(snapshot, source, sentences);
    String gone = gone(snapshot, source);
    String may = gone.isEmpty() ? (bare(snapshot) ? "program may " : "guest may ") : "guest might ";
    sentences.add(
        (isOfBoth(source) ? "Together: the " : "The ")
            + may
            + permissions(output)
            + ". Memory type: "
            + output.memoryType().words()
            + ".");
    if (!gone.isEmpty()) {
      sentences.add(gone);
    }
    List<Offer> offers = new ArrayList<>();
    if (source.ipa().isPresent() && canUnmap(snapshot, source)) {
      offers.add(new Offer.Unmap(source.ipa().getAsLong()));
    }
    if (!lookups.isEmpty()) {
      offers.add(
          new Offer.WhoWrote(
              Selection.entry(lookups.getLast()),
              gone.isEmpty() ? "Who mapped it?" : "Who wrote it?"));
    }
    offers.add(new Offer.ShowMemory(output.address()));
    return new WalkCard(
        Token.GOOD,
        "\u2714",
        (gone.isEmpty() ? "Output address " : "It was: output address ")
            + Hex.address(output.address()),
        sentences,
        "descriptor " + Hex.full(output.leaf()),
        offers);
  }

  /** "Stage 1: VA 0x7000_0018 → IPA 0x4020_0018, a page of 4 KiB, EL1 rw-, EL0 --x." */
  private static void addStage(List<String> sentences, int stage, long input, StageOutput said) {
    String way =
        "Stage "
            + stage
            + ": "
            + (stage == 1 ? "VA " : "IPA ")
            + Hex.address(input)
            + " → "
            + (stage == 1 ? "" : "PA ")
            + Hex.address(said.address());
    sentences.add(
        said.walked()
            ? way
                + ", "
                + Size.words(1L << said.shift())
                + " at "
                + Levels.name(said.level())
                + ", "
                + said.permissions().text()
                + "."
            : way + ": it is off.");
  }

  /**
   * Whether the page is still the hypervisor's to unmap: the guest lives and stage 2 is its own.
   * The tables of a program at EL2 itself are that program's alone.
   */
  private static boolean canUnmap(Snapshot snapshot, WalkSource source) {
    return snapshot.state() != RunState.ENDED
        && !bare(snapshot)
        && Stage2.parameters(snapshot).enabled()
        && gone(snapshot, source).isEmpty();
  }

  /**
   * Why the tables of a walk of stage 2 no longer translate for anybody, or empty while they do: a
   * destroyed guest leaves its descriptors in memory.
   */
  private static String gone(Snapshot snapshot, WalkSource source) {
    Translation walk = source.translation();
    if (walk.vmid() < 0 || source.kind() == WalkSource.Kind.PROBE || walk.lastStage2().isEmpty()) {
      return "";
    }
    Stage2Parameters now = Stage2.parameters(snapshot);
    if (!now.enabled()) {
      return "Stage 2 is off now: these tables translate nothing.";
    }
    if (now.vmid() != walk.vmid()) {
      return "These tables are out of use: VTTBR_EL2 names VMID "
          + now.vmid()
          + " now, not "
          + walk.vmid()
          + ".";
    }
    OptionalLong root = root(walk);
    return root.isEmpty() || root.getAsLong() == now.rootBase()
        ? ""
        : "These tables are out of use: VTTBR_EL2 names the root "
            + Hex.address(now.rootBase())
            + " now, not "
            + Hex.address(root.getAsLong())
            + ".";
  }

  /** The root of stage 2 that a walk began at; empty if it began with what a TLB held. */
  private static OptionalLong root(Translation walk) {
    List<Lookup> lookups = walk.lastStage2().map(Translation::lookups).orElse(List.of());
    if (lookups.isEmpty() || lookups.getFirst().held()) {
      return OptionalLong.empty();
    }
    Lookup first = lookups.getFirst();
    return OptionalLong.of(first.descriptorAddress() - 8L * first.index());
  }

  /** Whether no guest runs: then a program of EL2 is what executes. */
  private static boolean bare(Snapshot snapshot) {
    return snapshot.scenario().bare();
  }

  private static boolean isOfBoth(WalkSource source) {
    List<Lookup> lookups = source.translation().lookups();
    return !lookups.isEmpty()
        && lookups.getFirst().stage() == 1
        && (!lookups.getFirst().nested().isEmpty()
            || lookups.getFirst().verdict() == Verdict.UNREACHED);
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
    List<Lookup> read = read(source);
    List<String> sentences = new ArrayList<>();
    sentences.add(who(snapshot, source));
    if (fault.onStage1Walk()) {
      sentences.add(
          "S1PTW: the walk itself was refused, not the address. Stage 1 needs its "
              + tableOf(source, fault)
              + " at IPA "
              + Hex.address(fault.ipa())
              + ", and stage 2 does not let it be read.");
    }
    if (WalkBands.heldByTlb(source.translation())) {
      sentences.add(
          "No walk was made: the TLB held an entry of level "
              + fault.level()
              + ", and that refuses the access.");
    }
    held(snapshot, source, sentences);
    if (read.isEmpty()) {
      sentences.add(rule(fault.rule()));
    } else {
      entry(snapshot, source, read.getLast(), rule(fault.rule()), sentences);
    }
    String where =
        fault.onStage1Walk()
            ? ", stage 2, on the walk of stage 1"
            : fault.stage() == 1 ? ", stage 1" : "";
    return new WalkCard(
        Levels.hue(fault.kind()),
        Levels.symbol(fault.kind()),
        fault.kind().at(fault.level()) + where,
        sentences,
        evidence(source, fault),
        offers(snapshot, source, fault));
  }

  /** Where the walk began with what the TLB held, and what memory holds there by now. */
  private static void held(Snapshot snapshot, WalkSource source, List<String> sentences) {
    for (Lookup lookup : source.inOrder()) {
      if (lookup.held()) {
        long now = snapshot.memory().read(lookup.descriptorAddress(), 8);
        sentences.add(
            capital(place(source, lookup))
                + " was not read: the TLB held "
                + descriptor(lookup.descriptor())
                + " of an earlier walk"
                + (now == lookup.descriptor()
                    ? "."
                    : ", and memory holds " + descriptor(now) + " now."));
      }
    }
  }

  /** What the last entry held and why that was refused; since then it may have been mended. */
  private static void entry(
      Snapshot snapshot, WalkSource source, Lookup last, String rule, List<String> sentences) {
    long now = snapshot.memory().read(last.descriptorAddress(), 8);
    if (last.verdict() == Verdict.EXTERNAL_ABORT || now == last.descriptor()) {
      sentences.add(capital(holds(source, last)) + " " + rule);
      return;
    }
    sentences.add(
        capital(place(source, last))
            + " held "
            + descriptor(last.descriptor())
            + " then. The rule: "
            + rule);
    sentences.add("It was changed since: now it holds " + descriptor(now) + ".");
  }

  /** "L3 table": the table of stage 1 whose entry could not be read. */
  private static String tableOf(WalkSource source, Translation.Fault fault) {
    List<Lookup> lookups = source.translation().lookups();
    return lookups.isEmpty() ? "table" : Levels.name(lookups.getLast().level()) + " table";
  }

  private static List<Offer> offers(Snapshot snapshot, WalkSource source, Translation.Fault fault) {
    List<Offer> offers = new ArrayList<>();
    List<Lookup> read = read(source);
    boolean mappable =
        fault.kind() == FaultKind.TRANSLATION && fault.stage() == 2 && !read.isEmpty();
    if (mappable && !bare(snapshot) && isOpenExit(snapshot, source)) {
      offers.add(new Offer.MapPage());
    }
    if (!read.isEmpty()) {
      Lookup last = read.getLast();
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
      String kind = walk.stage() == 1 ? " at VA " : " at IPA ";
      return "Guest " + el + " " + act + kind + Hex.address(walk.input()) + ".";
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
        + (stage1Off && walk.stage() == 2 && taken.far() == walk.input()
            ? " Stage 1 is off, so IPA = VA."
            : "");
  }

  private static String register(long esr) {
    int number = (int) (esr >>> 16) & 31;
    String width = (esr & SF) == 0 ? "w" : "x";
    return width + (number == 31 ? "zr" : number);
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
    if (fault.stage() == 1 && taken.toEl() == 1) {
      return "FAR_EL1 = " + Hex.address(taken.far()) + " · " + name;
    }
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
        + name
        + (fault.onStage1Walk() ? " · S1PTW 1" : "");
  }

  /** A rule without its source: the explanation of the event names it. */
  private static String rule(String sentence) {
    return sentence.replaceAll(" \\(Arm ARM[^)]*\\)", "");
  }

  private static String holds(WalkSource source, Lookup lookup) {
    if (lookup.verdict() == Verdict.EXTERNAL_ABORT) {
      return place(source, lookup) + " could not be read.";
    }
    return place(source, lookup) + " holds " + descriptor(lookup.descriptor()) + ".";
  }

  /** "L3[3] at 0x4800_4018", of two stages "stage-1 L3[3] at 0x4800_4018". */
  private static String place(WalkSource source, Lookup lookup) {
    return (isOfBoth(source) ? "stage-" + lookup.stage() + " " : "")
        + Levels.name(lookup.level())
        + "["
        + lookup.index()
        + "] at "
        + Hex.address(lookup.descriptorAddress());
  }

  private static String capital(String sentence) {
    return Character.toUpperCase(sentence.charAt(0)) + sentence.substring(1);
  }

  private static String descriptor(long value) {
    return value == 0 ? "0x0" : Hex.address(value);
  }
}
