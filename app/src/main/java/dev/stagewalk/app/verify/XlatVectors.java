package dev.stagewalk.app.verify;

import static dev.stagewalk.app.verify.RecordedMachine.hex;
import static dev.stagewalk.app.verify.RecordedMachine.number;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stagewalk.board.Machine;
import dev.stagewalk.cpu.Engine;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Recorded translations: each line a set of tables and registers, and operations that each start
 * from them with empty TLBs. Accesses are executed as the instructions that made them.
 */
final class XlatVectors implements VectorKind {
  private final Engine engine;

  XlatVectors(Engine engine) {
    this.engine = engine;
  }

  private static final int LIMIT = 64;
  private static final long EL1H = 0x3c5;
  private static final long EL0T = 0x3c0;
  private static final long PSTATE_PAN = 1L << 22;
  private static final int EC_SVC = 0x15;
  private static final int EC_HVC = 0x16;

  /** The stub page's EL1 vectors are {@code hvc #0x100} and up: the recorder saw EL1 exceptions. */
  private static final int FIRST_VECTOR_CALL = 0x100;

  /** Where AT instructions of EL2 stand: at the end of the page of its vectors. */
  private static final long AT_PC = RecordedMachine.VBAR_EL2 + 0xff8;

  private static final Set<String> RELAXING = Set.of("hpfar_unknown_arch", "far_unknown_arch");
  private static final long PAR_PA = 0x000f_ffff_ffff_f000L;
  private static final Set<String> LOADING_X2 =
      Set.of("ldp", "ldxp", "ldadd", "swpb", "cas", "stxr");
  private static final List<String> COMPARED =
      List.of(
          "r", "vec", "esr", "far", "hpfar", "elr", "spsr", "hvc", "svc", "at", "x0", "x1", "x2",
          "x3");

  private static final String NOT_RESET =
      "reads a word that the vector does not list, yet not as zero: what an earlier operation"
          + " stored there was not reset";

  @Override
  public boolean recognises(JsonNode firstLine) {
    return firstLine.path("format").asText().equals("stagewalk-oracle-xlat");
  }

  @Override
  public VectorReplayer open(Tally tally) {
    Map<String, RecordedMachine> machines = new HashMap<>();
    JsonNode[] fixed = new JsonNode[1];
    return (where, line) -> {
      if (line.has("format")) {
        fixed[0] = line.required("fixed_mem");
        line.required("cpus")
            .properties()
            .forEach(
                cpu -> machines.put(cpu.getKey(), new RecordedMachine(cpu.getValue(), engine)));
        return;
      }
      String cpu = line.required("cpu").asText();
      RecordedMachine machine = machines.get(cpu);
      if (machine == null) {
        throw new IllegalArgumentException("the header has no CPU " + cpu);
      }
      new Vector(where, line, fixed[0], machine, tally).replay();
    };
  }

  /** One line. */
  private static final class Vector {
    private final String where;
    private final JsonNode line;
    private final RecordedMachine machine;
    private final Tally tally;
    private final Machine.State start;
    private final QemuDifferences differences;

    /** Addresses of the words the vector lists. */
    private final Set<Long> listed = new HashSet<>();

    /** Output page by VA bits from 12 up, where an address translation of the vector gives it. */
    private final Map<Long, Long> pages = new HashMap<>();

    Vector(String where, JsonNode line, JsonNode fixed, RecordedMachine machine, Tally tally) {
      this.where = where + " " + line.path("id").asText() + " " + line.path("group").asText();
      this.line = line;
      this.machine = machine;
      this.tally = tally;
      machine.clear();
      machine.write(fixed);
      machine.write(line.required("mem"));
      machine.set(line.required("regs"));
      this.start = machine.machine().save();
      this.differences = new QemuDifferences(machine);
      fixed.forEach(word -> listed.add(number(word.required(0))));
      line.get("mem").forEach(word -> listed.add(number(word.required(0))));
      for (JsonNode op : line.required("ops")) {
        if (op.path("name").asText().startsWith("S12")
            && op.has("par")
            && (number(op, "par") & 1) == 0) {
          pages.put(number(op, "va") >>> 12, number(op, "par") & PAR_PA);
        }
      }
    }

    void replay() {
      int index = 0;
      for (JsonNode op : line.required("ops")) {
        String at = where + " op " + index + " " + op.path("op").asText() + " " + name(op);
        index++;
        try {
          operation(at, op);
        } catch (RuntimeException e) {
          tally.fail(at, "a replay to the end", e.toString());
        }
      }
    }

    private static String name(JsonNode op) {
      return op.has("name")
          ? op.get("name").asText()
          : op.path("type").asText() + " EL" + op.path("el").asText();
    }

    private void operation(String place, JsonNode op) {
      Notes notes = new Notes(line, op);
      String reason = notes.skipReason(RELAXING);
      if (reason == null) {
        machine.machine().restore(start);
        reason = differences.of(op);
      }
      if (reason == null && readsWhatIsNotListed(op)) {
        reason = NOT_RESET;
      }
      if (reason != null) {
        tally.skip(reason, 1);
        return;
      }
      Comparison comparison = new Comparison();
      boolean at = op.required("op").asText().equals("at");
      comparison.check(expected(op, notes), at ? addressTranslation(op) : access(op));
      comparison.tally(tally, place);
    }

    /**
     * Memory that is not listed reads as zero, says the recording; but it was not reset, so that
     * what earlier operations stored there may show. Where an access reads is taken from the
     * vector's own address translation of the same page.
     */
    private boolean readsWhatIsNotListed(JsonNode op) {
      long va = number(op, "va");
      Long page = pages.get(va >>> 12);
      if (page == null) {
        return false;
      }
      long first = page | (va & 0xfff);
      long last = first + Math.max(1, op.path("size").intValue()) - 1;
      boolean inOnePage = (first ^ last) >>> 12 == 0;
      if (!inOnePage || (listed.contains(first & -8) && listed.contains(last & -8))) {
        return false;
      }
      JsonNode res = op.path("res");
      if (op.path("type").asText().equals("exec")) {
        // A word of zeros is UNDEFINED where it stands: nothing behind it is reached.
        return !res.has("elr") || number(res, "elr") != va;
      }
      String type = op.path("type").asText();
      boolean loadsX1 = type.startsWith("ld") && !type.equals("ldadd");
      return (loadsX1 && isNotZero(res, "x1"))
          || (LOADING_X2.contains(type) && isNotZero(res, "x2"));
    }

    private static boolean isNotZero(JsonNode res, String register) {
      return res.has(register) && number(res, register) != 0;
    }

    /** Executes an access; gives everything that can be compared. */
    private Map<String, String> access(JsonNode op) {
      machine.machine().restore(start);
      machine.pe().setX(0, number(op, "va"));
      if (op.has("x1")) {
        machine.pe().setX(1, number(op, "x1"));
        machine.pe().setX(2, number(op, "x2"));
      }
      boolean el0 = op.required("el").intValue() == 0;
      long pstate = el0 ? EL0T : EL1H;
      if (op.path("pan").asBoolean()) {
        pstate |= PSTATE_PAN;
      }
      machine.enter(number(op, "pc"), pstate);
      Map<String, String> found = new TreeMap<>();
      if (machine.runToEl2(LIMIT)) {
        outcome(found, el0);
      } else {
        found.put("r", "no exception to EL2 after " + LIMIT + " instructions");
      }
      memory(found);
      return found;
    }

    /** Executes an AT instruction at EL2. */
    private Map<String, String> addressTranslation(JsonNode op) {
      machine.machine().restore(start);
      machine.machine().ram().write(AT_PC, 4, atWord(op.required("name").asText()));
      machine.pe().setX(0, number(op, "va"));
      machine.pe().branch(AT_PC);
      machine.machine().run(machine.machine().instructions() + 1);
      Map<String, String> found = new TreeMap<>();
      if (machine.pe().pc() == AT_PC + 4) {
        found.put("par", hex(machine.get("PAR_EL1")));
      } else {
        found.put("exc_esr", hex(machine.get("ESR_EL2")));
      }
      memory(found);
      return found;
    }

    private static int atWord(String name) {
      String level = name.substring(name.indexOf('E'));
      int op2 = (level.startsWith("E0") ? 2 : 0) + (level.endsWith("W") ? 1 : 0);
      return name.startsWith("S12") ? 0xd50c_7880 | op2 << 5 : 0xd508_7800 | op2 << 5;
    }

    private void memory(Map<String, String> found) {
      for (JsonNode word : line.required("mem")) {
        long address = number(word.required(0));
        found.put("[" + hex(address) + "]", hex(machine.machine().ram().read(address, 8)));
      }
    }

    private Map<String, String> expected(JsonNode op, Notes notes) {
      Map<String, String> expected = new TreeMap<>();
      line.required("mem").forEach(word -> expect(expected, word));
      op.path("changed").forEach(word -> expect(expected, word));
      for (String key : List.of("par", "exc_esr")) {
        if (op.has(key)) {
          expected.put(key, op.get(key).asText());
        }
      }
      JsonNode res = op.path("res");
      for (String key : COMPARED) {
        if (res.has(key)) {
          expected.put(key, res.get(key).asText());
        }
        if (res.path("first_el1").has(key)) {
          expected.put("first_el1." + key, res.get("first_el1").get(key).asText());
        }
      }
      if (notes.has("hpfar_unknown_arch")) {
        expected.remove("hpfar");
      }
      if (notes.has("far_unknown_arch")) {
        expected.remove("far");
      }
      return expected;
    }

    private static void expect(Map<String, String> expected, JsonNode word) {
      expected.put("[" + word.required(0).asText() + "]", word.required(1).asText());
    }

    private void outcome(Map<String, String> found, boolean el0) {
      long esr = machine.get("ESR_EL2");
      long ec = esr >>> 26;
      long elr = machine.get("ELR_EL2");
      long vector = ((esr & 0xffff) - FIRST_VECTOR_CALL) * 0x80;
      boolean fromVector =
          ec == EC_HVC
              && vector >= 0
              && vector < 0x800
              && elr - 4 == machine.get("VBAR_EL1") + vector;
      long esr1 = machine.get("ESR_EL1");
      if (fromVector && el0 && esr1 >>> 26 == EC_SVC) {
        finished(found, "svc", esr1, machine.get("ELR_EL1"));
      } else if (fromVector) {
        found.put("r", "el1");
        found.put("vec", hex(vector));
        syndrome(found, "", "_EL1");
      } else if (ec == EC_HVC || ec == EC_SVC) {
        finished(found, ec == EC_HVC ? "hvc" : "svc", esr, elr);
      } else {
        found.put("r", "el2");
        found.put("vec", hex(machine.vector()));
        found.put("hpfar", hex(machine.get("HPFAR_EL2")));
        syndrome(found, "", "_EL2");
        syndrome(found, "first_el1.", "_EL1");
      }
    }

    private void syndrome(Map<String, String> found, String prefix, String level) {
      found.put(prefix + "esr", hex(machine.get("ESR" + level)));
      found.put(prefix + "far", hex(machine.get("FAR" + level)));
      found.put(prefix + "elr", hex(machine.get("ELR" + level)));
      found.put(prefix + "spsr", hex(machine.get("SPSR" + level)));
    }

    private void finished(Map<String, String> found, String call, long esr, long elr) {
      found.put("r", "ok");
      found.put(call, hex(esr & 0xffff));
      found.put("at", hex(elr - 4));
      for (int i = 0; i < 4; i++) {
        found.put("x" + i, hex(machine.pe().x(i)));
      }
    }
  }
}
