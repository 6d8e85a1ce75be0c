package dev.stagewalk.app.verify;

import static dev.stagewalk.app.verify.RecordedMachine.hex;
import static dev.stagewalk.app.verify.RecordedMachine.number;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stagewalk.board.Machine;
import dev.stagewalk.cpu.Engine;
import dev.stagewalk.isa.InstructionTable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Recorded runs of small guests under a minimal hypervisor: each line a guest and its exits. At
 * every exit the state is compared, then what that hypervisor did is done again.
 */
final class GuestVectors implements VectorKind {
  private final Engine engine;

  GuestVectors(Engine engine) {
    this.engine = engine;
  }

  /** Instructions a guest may take to its next exit. */
  private static final int LIMIT = 2_000_000;

  private static final int SYNCHRONOUS_LOWER = 0x400;
  private static final int EC_PAC = 0x09;
  private static final int EC_SVE = 0x19;
  private static final int EC_DATA_ABORT = 0x24;

  /** Bytes of a guest's code that are looked at for what is missing. */
  private static final long STRAIGHT_CODE = 64 << 10;

  /** Bits 27 to 25 of all data processing of the SIMD and floating-point registers. */
  private static final int SIMD_ARITHMETIC = 7 << 25;

  private static final long HCR_DC = 1L << 12;
  private static final long PAGE = 0x0000_ffff_ffff_f000L;
  private static final long FILLING = 0x5eed_5eed_5eed_5eedL;
  private static final String NOT_YET = "not simulated yet: ";
  private static final String NO_SVE =
      "SVE, which this machine does not have: the recording machine's trap of it is none here";
  private static final String NO_PAC =
      "pointer authentication, which this machine does not have: the recording machine's trap of it"
          + " is none here";
  private static final String UNALIGNED_DEVICE =
      "unaligned access with stage 1 off and HCR_EL2.DC = 0: the architecture says Device memory"
          + " and an Alignment fault, the recording machine lets it through when HCR_EL2.VM = 1";
  private static final String NOT_RESET =
      "registers hold what the guest read from memory that the vector does not list, yet not zero:"
          + " what an earlier guest stored there was not reset";

  @Override
  public boolean recognises(JsonNode firstLine) {
    return firstLine.path("format").asText().equals("stagewalk-oracle-guest");
  }

  @Override
  public VectorReplayer open(Tally tally) {
    return new Replayer(tally, engine);
  }

  private static final class Replayer implements VectorReplayer {
    private final Tally tally;
    private final Engine engine;
    private @Nullable RecordedMachine machine;

    Replayer(Tally tally, Engine engine) {
      this.tally = tally;
      this.engine = engine;
    }

    @Override
    public void line(String where, JsonNode line) {
      if (line.has("format")) {
        machine = new RecordedMachine(line.required("id_regs"), engine);
        return;
      }
      RecordedMachine now = machine;
      if (now == null) {
        throw new IllegalArgumentException("no header before it");
      }
      String at = where + " " + line.path("id").asText() + " " + line.path("name").asText();
      new Guest(at, line, now, tally).replay();
    }
  }

  /** One guest. */
  private static final class Guest {
    private final String where;
    private final JsonNode line;
    private final JsonNode exits;
    private final RecordedMachine machine;
    private final RecordedHypervisor hypervisor;
    private final Tally tally;

    /** HPFAR_EL2 holds what a permission fault left there, which is UNKNOWN. */
    private boolean hpfarUnknown;

    Guest(String where, JsonNode line, RecordedMachine machine, Tally tally) {
      this.where = where;
      this.line = line;
      this.exits = line.required("exits");
      this.machine = machine;
      this.hypervisor = new RecordedHypervisor(machine);
      this.tally = tally;
    }

    void replay() {
      start();
      for (int i = 0; i < exits.size(); i++) {
        JsonNode exit = exits.get(i);
        String reason = reason(exit);
        if (reason == null) {
          boolean reached = hypervisor.runToExit(exit, LIMIT);
          String limit = machine.unsimulated();
          reason = limit == null ? null : NOT_YET + limit;
          if (reason == null && !compared(i, exit, reached)) {
            for (int rest = i + 1; rest < exits.size(); rest++) {
              tally.fail(
                  where + " exit " + rest, "an exit", "not run: exit " + i + " was different");
            }
            return;
          }
        }
        if (reason != null) {
          tally.skip(reason, exits.size() - i);
          return;
        }
        if (i < exits.size() - 1) {
          hypervisor.act(exit.required("action"));
        }
      }
    }

    private void start() {
      machine.clear();
      machine.set(line.required("regs"));
      machine.write(line.required("image"));
      machine.write(line.required("s2_tables"));
      machine.enter(number(line, "entry"), number(line, "spsr"));
    }

    /** Why this exit and all after it cannot be compared; null if they can. */
    private @Nullable String reason(JsonNode exit) {
      long esr = number(exit, "esr");
      if (number(exit, "vec") != SYNCHRONOUS_LOWER) {
        return null;
      }
      int ec = (int) (esr >>> 26);
      if (ec == EC_SVE) {
        return NO_SVE;
      }
      if (ec == EC_PAC) {
        return NO_PAC;
      }
      if (meetsMissing(number(exit, "elr"))) {
        return NOT_YET + "floating-point and SIMD arithmetic that the instruction table lacks";
      }
      if (ec == EC_DATA_ABORT && isUnalignedDevice(esr, number(exit, "far"))) {
        return UNALIGNED_DEVICE;
      }
      return null;
    }

    /**
     * Whether up to this exit the guest's straight code has SIMD arithmetic that is missing here.
     */
    private boolean meetsMissing(long elr) {
      long entry = number(line, "entry");
      long offset = number(line, "ipa_to_pa_offset");
      // What lies far behind is no straight code, and an ELR elsewhere says nothing of it.
      for (long ipa = entry; ipa <= elr && ipa < entry + STRAIGHT_CODE; ipa += 4) {
        long pa = ipa + offset;
        if (!machine.machine().ram().contains(pa, 4)) {
          return false;
        }
        int word = (int) machine.machine().ram().read(pa, 4);
        if ((word & SIMD_ARITHMETIC) == SIMD_ARITHMETIC
            && InstructionTable.a64().decode(word).isUndefined()) {
          return true;
        }
      }
      return false;
    }

    /** With stage 1 off and HCR_EL2.DC = 0 data is Device memory, which must be aligned. */
    private boolean isUnalignedDevice(long esr, long far) {
      boolean valid = (esr & 1 << 24) != 0;
      long size = 1L << (esr >>> 22 & 3);
      return valid
          && far % size != 0
          && (machine.get("HCR_EL2") & HCR_DC) == 0
          && (machine.get("SCTLR_EL1") & 1) == 0;
    }

    /** Compares an exit; returns whether the guest can go on. */
    private boolean compared(int index, JsonNode exit, boolean reached) {
      Comparison comparison = new Comparison();
      if (reached) {
        Map<String, String> expected = expected(exit);
        Notes notes = new Notes(exit, exit);
        if (hpfarUnknown && notes.has("far_hpfar_stale")) {
          expected.remove("hpfar");
        } else {
          hpfarUnknown = notes.has("hpfar_unknown_arch");
        }
        comparison.check(expected, found());
      } else {
        comparison.check("end", "an exit", "none after " + LIMIT + " instructions");
      }
      if (index == exits.size() - 1) {
        end(comparison);
      }
      if (!comparison.equal() && reached && comparison.differsOnlyIn(fromUnlistedMemory(index))) {
        tally.skip(NOT_RESET, 1);
        return true;
      }
      String at = where + " exit " + index + " " + exit.path("txt").asText();
      comparison.tally(tally, at);
      return comparison.equal();
    }

    /**
     * General registers that at this exit hold something read from memory that the vector does not
     * list: those that differ when that memory holds something else.
     */
    private Set<String> fromUnlistedMemory(int index) {
      Map<String, String> clean = found();
      Machine.State now = machine.machine().save();
      start();
      fillUnlistedPages();
      boolean reached = true;
      for (int i = 0; i <= index && reached; i++) {
        if (i > 0) {
          hypervisor.act(exits.get(i - 1).required("action"));
        }
        reached = hypervisor.runToExit(exits.get(i), LIMIT);
      }
      Map<String, String> filled = found();
      machine.machine().restore(now);
      Set<String> registers = new HashSet<>();
      for (int i = 0; i < 31; i++) {
        String x = "x" + i;
        if (!String.valueOf(clean.get(x)).equals(filled.get(x))) {
          registers.add(x);
        }
      }
      return registers;
    }

    /** Fills the guest's pages of which the image lists no word. */
    private void fillUnlistedPages() {
      Set<Long> pages = new HashSet<>();
      line.required("s2_tables").forEach(word -> pages.add(number(word.required(1)) & PAGE));
      for (JsonNode exit : exits) {
        for (JsonNode word : exit.path("action").path("s2_writes")) {
          pages.add(number(word.required(1)) & PAGE);
        }
      }
      line.required("image").forEach(word -> pages.remove(number(word.required(0)) & PAGE));
      long guestRam = number(line, "entry") + number(line, "ipa_to_pa_offset");
      for (long page : pages) {
        if (page >= guestRam && machine.machine().ram().contains(page, 4096)) {
          for (long pa = page; pa < page + 4096; pa += 8) {
            machine.machine().ram().write(pa, 8, FILLING);
          }
        }
      }
    }

    private static Map<String, String> expected(JsonNode exit) {
      Map<String, String> expected = new TreeMap<>();
      Notes notes = new Notes(exit, exit);
      for (String key : new String[] {"vec", "esr", "far", "hpfar", "spsr", "elr", "sp_el1"}) {
        expected.put(key, exit.required(key).asText());
      }
      if (notes.has("hpfar_unknown_arch")) {
        expected.remove("hpfar");
      }
      for (int i = 0; i < 31; i++) {
        expected.put("x" + i, exit.required("x").required(i).asText());
      }
      el1(expected, exit.required("el1"));
      return expected;
    }

    private static void el1(Map<String, String> expected, JsonNode el1) {
      el1.properties().forEach(r -> expected.put(r.getKey() + "_el1", r.getValue().asText()));
    }

    private Map<String, String> found() {
      Map<String, String> found = new TreeMap<>();
      found.put("vec", hex(machine.vector()));
      for (String register : new String[] {"ESR", "FAR", "HPFAR", "ELR", "SPSR"}) {
        found.put(register.toLowerCase(Locale.ROOT), hex(machine.get(register + "_EL2")));
      }
      for (String register : new String[] {"ESR", "FAR", "ELR", "SPSR", "SP"}) {
        found.put(register.toLowerCase(Locale.ROOT) + "_el1", hex(machine.get(register + "_EL1")));
      }
      for (int i = 0; i < 31; i++) {
        found.put("x" + i, hex(machine.pe().x(i)));
      }
      return found;
    }

    /** What is left at the end: EL1's syndrome registers and the words of the image. */
    private void end(Comparison comparison) {
      Map<String, String> expected = new TreeMap<>();
      el1(expected, line.required("final_el1"));
      comparison.check(expected, found());
      Map<Long, Long> changed = new HashMap<>();
      line.path("image_changed")
          .forEach(w -> changed.put(number(w.required(0)), number(w.required(1))));
      for (JsonNode word : line.required("image")) {
        long pa = number(word.required(0));
        long wanted = changed.getOrDefault(pa, number(word.required(1)));
        comparison.check("[" + hex(pa) + "]", wanted, machine.machine().ram().read(pa, 8));
      }
    }
  }
}
