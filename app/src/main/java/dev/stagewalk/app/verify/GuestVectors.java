package dev.stagewalk.app.verify;

import static dev.stagewalk.app.verify.RecordedMachine.hex;
import static dev.stagewalk.app.verify.RecordedMachine.number;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Recorded runs of small guests under a minimal hypervisor: each line a guest and its exits. At
 * every exit the state is compared, then what that hypervisor did is done again.
 */
final class GuestVectors implements VectorKind {
  /** Instructions a guest may take to its next exit. */
  private static final int LIMIT = 2_000_000;

  @Override
  public boolean recognises(JsonNode firstLine) {
    return firstLine.path("format").asText().equals("stagewalk-oracle-guest");
  }

  @Override
  public VectorReplayer open(Tally tally) {
    return new Replayer(tally);
  }

  private static final class Replayer implements VectorReplayer {
    private final Tally tally;
    private @Nullable RecordedMachine machine;

    Replayer(Tally tally) {
      this.tally = tally;
    }

    @Override
    public void line(String where, JsonNode line) {
      if (line.has("format")) {
        machine = new RecordedMachine(line.required("id_regs"));
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

    Guest(String where, JsonNode line, RecordedMachine machine, Tally tally) {
      this.where = where;
      this.line = line;
      this.exits = line.required("exits");
      this.machine = machine;
      this.hypervisor = new RecordedHypervisor(machine);
      this.tally = tally;
    }

    void replay() {
      machine.clear();
      machine.set(line.required("regs"));
      machine.write(line.required("image"));
      machine.write(line.required("s2_tables"));
      machine.enter(number(line, "entry"), number(line, "spsr"));
      for (int i = 0; i < exits.size(); i++) {
        JsonNode exit = exits.get(i);
        String at = where + " exit " + i + " " + exit.path("txt").asText();
        boolean reached = hypervisor.runToExit(LIMIT);
        String limit = machine.unsimulated();
        if (limit != null) {
          tally.skip("not simulated yet: " + limit, exits.size() - i);
          return;
        }
        Comparison comparison = new Comparison();
        if (reached) {
          comparison.check(expected(exit), found());
        } else {
          comparison.check("end", "an exit", "none after " + LIMIT + " instructions");
        }
        if (i == exits.size() - 1) {
          end(comparison);
        }
        comparison.tally(tally, at);
        if (!comparison.equal()) {
          for (int rest = i + 1; rest < exits.size(); rest++) {
            tally.fail(where + " exit " + rest, "an exit", "not run: exit " + i + " was different");
          }
          return;
        }
        if (i < exits.size() - 1) {
          hypervisor.act(exit.required("action"));
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
