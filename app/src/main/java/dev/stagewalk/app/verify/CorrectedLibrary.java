package dev.stagewalk.app.verify;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stagewalk.arch.Granule;
import dev.stagewalk.hyp.Defect;
import dev.stagewalk.hyp.HostFault;
import dev.stagewalk.hyp.Result;
import dev.stagewalk.hyp.Stage2Mmu;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The corrected library beside the posted one. It is compared by effect: each IPA that the tables
 * reach leads to the same PA, with the same size and attributes. What it does more, or leaves out,
 * to come there is counted by the defect that it mends; a difference that no defect explains is a
 * failure.
 *
 * <p>A sequence is compared up to the first step whose flag says that the posted tables are wrong.
 * Flags of registers and of maintenance alone do not end it: they change no table.
 */
final class CorrectedLibrary {
  private static final Set<String> TABLES_ARE_RIGHT =
      Set.of(
          "vtcr-res1",
          "tlbi-other-vmid",
          "freed-before-tlbi",
          "remap-no-bbm",
          "block-over-table",
          "start-level-needs-wider-pa",
          "ps-wider-than-ipa",
          "concat-root-needed",
          "leak");

  private final S2mmuCalls posted;
  private final S2mmuCalls corrected;
  private final Tally tally;
  private boolean compares = true;
  private boolean unflagged = true;

  /** Levels of lookup that the corrected tables have less, because their root is concatenated. */
  private int levels;

  /** Whether a host page is larger than a table. */
  private boolean cutsPages;

  CorrectedLibrary(S2mmuCalls posted, S2mmuCalls corrected, Tally tally) {
    this.posted = posted;
    this.corrected = corrected;
    this.tally = tally;
  }

  /**
   * Makes a call that the posted library has made already.
   *
   * @param events what the posted library did
   */
  void perform(String at, JsonNode step, List<String> events) {
    for (JsonNode flag : step.path("flag")) {
      unflagged = false;
      compares &= TABLES_ARE_RIGHT.contains(flag.asText());
    }
    if (!compares) {
      return;
    }
    Result result;
    try {
      result = corrected.perform(step);
    } catch (HostFault fault) {
      result = new Result.Refused(String.valueOf(fault.getMessage()));
    }
    List<String> own = corrected.world().takeEvents();
    if (!result.ok()) {
      compares = false;
      fail(at, "the corrected library does it", result.words());
      return;
    }
    if (tables(step)) {
      int top = corrected.object(step).rootLevel();
      List<String> wanted = leaves(posted, step, top);
      List<String> found = leaves(corrected, step, top);
      if (!wanted.equals(found)) {
        compares = false;
        fail(at, first(wanted, found), first(found, wanted));
        return;
      }
      cutsPages = corrected.world().hostPageSize() > corrected.object(step).granule().bytes();
      levels = corrected.object(step).rootLevel() - posted.object(step).rootLevel();
    }
    explain(at, step.required("op").asText(), new Deeds(events), new Deeds(own));
    tally.note("corrected library: steps with the same effect", 1);
    tally.note(
        "corrected library: of them before the first flag of their sequence", unflagged ? 1 : 0);
  }

  private void fail(String at, String expected, String found) {
    tally.fail(at + ", corrected", expected, found);
  }

  /** The first that the others have not. */
  private static String first(List<String> leaves, List<String> others) {
    List<String> own = new ArrayList<>(leaves);
    own.removeAll(others);
    return own.isEmpty() ? "no leaf more" : "a leaf " + own.getFirst();
  }

  private static boolean tables(JsonNode step) {
    return switch (step.required("op").asText()) {
      case "init", "map", "unmap", "enable", "disable" -> true;
      default -> false;
    };
  }

  // Effect

  /**
   * Everything the tables reach, by rising IPA.
   *
   * @param top a block of a level above counts as the blocks of this level that it stands for: the
   *     corrected tables, which begin there, cannot have it
   */
  private static List<String> leaves(S2mmuCalls calls, JsonNode step, int top) {
    Stage2Mmu mmu = calls.object(step);
    Leaves leaves = new Leaves(calls.world(), mmu.granule(), top, new ArrayList<>());
    leaves.collect(mmu.root(), mmu.rootLevel(), 0, mmu.rootEntries());
    return leaves.found();
  }

  private record Leaves(OracleWorld world, Granule granule, int top, List<String> found) {
    void collect(long table, int level, long base, int entries) {
      long mask = (1L << 48) - granule.bytes();
      for (int i = 0; (i = world.skipBlank(table, i, entries)) < entries; i++) {
        long descriptor = world.load(table + 8L * i);
        long ipa = base + ((long) i << granule.levelShift(level));
        if ((descriptor & 1) == 0) {
          continue;
        }
        if (level < 3 && (descriptor & 2) != 0) {
          collect(descriptor & mask, level + 1, ipa, granule.entries());
        } else {
          add(ipa, descriptor & mask, level, descriptor & ~mask);
        }
      }
    }

    private void add(long ipa, long pa, int level, long attributes) {
      int shown = Math.max(level, top);
      long size = 1L << granule.levelShift(shown);
      for (long at = 0; at < 1L << granule.levelShift(level); at += size) {
        found.add(
            OracleWorld.hex(ipa + at)
                + " → "
                + OracleWorld.hex(pa + at)
                + " level "
                + shown
                + " "
                + OracleWorld.hex(attributes));
      }
    }
  }

  // How it came there

  /** The events of one call, by kind. */
  private static final class Deeds {
    final Map<String, Integer> counts = new HashMap<>();
    int pages;
    int breaks;
    int equal;
    int freedBeforeTlbi;

    Deeds(List<String> events) {
      int frees = 0;
      for (String event : events) {
        String[] words = event.split(":", -1);
        switch (words[0].charAt(0)) {
          case 'A' -> {
            add("A");
            pages += 1 << Integer.parseInt(words[0].substring(1));
          }
          case 'W' -> {
            add("W");
            equal += words[2].equals(words[3]) ? 1 : 0;
            breaks += words[3].equals("0x0") ? 1 : 0;
          }
          case 'F' -> {
            add("F");
            frees++;
          }
          case 'T' -> {
            add("T");
            freedBeforeTlbi += frees;
            frees = 0;
          }
          case 'D', 'S' -> add(words[0] + ":" + words[1]);
          default -> add(words[0].substring(0, 1));
        }
      }
    }

    private void add(String kind) {
      counts.merge(kind, 1, Integer::sum);
    }

    int count(String kind) {
      return counts.getOrDefault(kind, 0);
    }
  }

  private void explain(String at, String op, Deeds before, Deeds after) {
    if (op.equals("faultinfo")) {
      mends(Defect.RAW_FAULT_INFO, "line in words", after.count("P") - before.count("P"));
      return;
    }
    boolean ends = op.equals("destroy") || op.equals("disable");
    int breaks = op.equals("map") ? after.breaks - before.breaks : 0;
    int tlbis = after.count("T") - before.count("T");
    int stores = after.count("W") - before.count("W");
    mends(Defect.REMAP_NO_BBM, "break before a make: store of 0 and TLBI", breaks);
    mends(Defect.REMAP_NO_BBM, "equal descriptor not stored again", before.equal - after.equal);
    mends(Defect.NO_DSB_BEFORE_TLBI, "DSB ISHST after the stores", after.count("D:ishst"));
    mends(Defect.NO_TLBI_ON_DESTROY, "TLBI before the tables go", ends ? tlbis : 0);
    int leftOut = ends ? 0 : breaks - tlbis;
    mends(Defect.WHOLE_VM_FLUSH, "TLBI left out, as no TLB can hold anything", leftOut);
    int own = op.equals("map") || op.equals("unmap") || ends ? after.count("S:vttbr_el2") / 2 : 0;
    mends(Defect.TLBI_OTHER_VMID, "switch to the VMID whose tables changed, and back", own);
    mends(
        Defect.NO_ISB_BEFORE_TLBI,
        "ISB between VTTBR_EL2 and TLBI",
        op.equals("enable") ? after.count("I") - before.count("I") : 0);
    mends(Defect.FREED_BEFORE_TLBI, "page freed after the TLBI", before.freedBeforeTlbi);
    int pages = after.pages - before.pages;
    mends(
        Defect.ONE_ROOT_TABLE, "page more, for a concatenated root", op.equals("init") ? pages : 0);
    if (op.equals("enable")) {
      registers();
    }
    if (!op.equals("init")) {
      mends(
          cutsPages ? Defect.TABLE_PAGE_WASTE : Defect.START_LEVEL_NEEDS_WIDER_PA,
          cutsPages
              ? "page less, as pages are cut into tables"
              : "page less, for a level that is not needed",
          -pages);
    }
    if (levels == 0 && stores != breaks - (before.equal - after.equal)) {
      fail(at, "each store more or less explained", stores + " stores more");
    }
    if (!ends && leftOut < 0
        || !op.equals("init") && (levels == 0 && !cutsPages ? pages != 0 : pages > 0)) {
      fail(
          at,
          "each TLBI and page more or less explained",
          tlbis + " TLBIs and " + pages + " pages more");
    }
    if (after.freedBeforeTlbi > 0) {
      fail(at, "no table freed before a TLBI", after.freedBeforeTlbi + " freed");
    }
  }

  private void registers() {
    long is = corrected.world().register("VTCR_EL2");
    long was = posted.world().register("VTCR_EL2");
    mends(Defect.VTCR_RES1, "VTCR_EL2 bit 31 written 1", (is & ~was) >>> 31 & 1);
    long ps = 7L << 16;
    mends(Defect.PA_OVER_PS, "VTCR_EL2.PS as PARange says", (is & ps) != (was & ps) ? 1 : 0);
    long start = 3L << 6;
    mends(
        Defect.START_LEVEL_NEEDS_WIDER_PA,
        "VTCR_EL2.SL0 for concatenated tables",
        (is & start) != (was & start) ? 1 : 0);
  }

  private void mends(Defect defect, String what, long count) {
    tally.note("corrected library: %3s %s".formatted(defect.id(), what), count);
  }
}
