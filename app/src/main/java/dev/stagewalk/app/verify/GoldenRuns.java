package dev.stagewalk.app.verify;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.hyp.Defects;
import dev.stagewalk.hyp.MapFlags;
import dev.stagewalk.hyp.Stage2Mmu;
import dev.stagewalk.mmu.Tlb;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The posted demand-paging test as it ran on an emulated machine: the same exits in the same order,
 * with the same syndromes and registers, and the same tables by level, index and attributes.
 * Addresses that follow from how the recorded image was linked are not compared.
 */
final class GoldenRuns implements VectorKind {
  private static final String CONFLICT = "Error allocating or existing block conflict.";
  private static final long TEST_WORD = 0xbeef_cafeL;
  private static final long FAULT_IPA = 0x5000_0000L;
  private static final long BOOT_STUB = 0x4000_0000L;

  /** SCTLR_EL1.TSCXT, which belongs to FEAT_CSV2_2: that is not simulated. */
  private static final long TSCXT = 1L << 20;

  private static final long HOST_SCTLR = 0x30d0_1980L;
  private static final long STACK_BYTES = 0x1_0000;
  private static final long DATA = MapFlags.data(Defects.AS_POSTED);

  /** The posted guest, with the stack frame and the flag that its compiler gave it. */
  private static final String GUEST =
      """
              stp     x29, x30, [sp, #-16]!
              mov     x29, sp
              ldr     x0, =%s
              ldr     x1, =%s
              ldr     x2, [x0]
              str     x2, [x1]
              ldr     x3, [x1]
              ldr     x4, [x0]
              cmp     x3, x4
              cset    x1, eq
              ldr     x5, =%s
              strb    w1, [x5]
              and     x0, x5, #~0xfff
              hvc     #0
      """;

  private static final String READER =
      """
              ldr     x0, =0x80000000
      loop:   ldr     x1, [x0]
              mov     x9, x1
              hvc     #7
              b       loop
      """;

  @Override
  public boolean recognises(JsonNode firstLine) {
    return firstLine.has("runs") && firstLine.path("runs").path(0).has("exceptions");
  }

  @Override
  public VectorReplayer open(Tally tally) {
    return (where, line) -> {
      for (JsonNode run : line.required("runs")) {
        new Run(where + " " + run.required("name").asText(), run, tally).replay();
      }
    };
  }

  /** One recorded run. */
  private static final class Run {
    private final String where;
    private final JsonNode run;
    private final Tally tally;
    private final String name;

    Run(String where, JsonNode run, Tally tally) {
      this.where = where;
      this.run = run;
      this.tally = tally;
      this.name = run.required("name").asText();
    }

    void replay() {
      if (name.equals("remap-under-other-vmid")) {
        remapUnderOtherVmid();
      } else if (run.required("entry").isObject()) {
        demandPaging();
      } else {
        tally.skip(
            "golden run "
                + name
                + ": the host that takes the exception is A64 code there, and Java"
                + " here; the sample host-exception shows it",
            1);
      }
    }

    // Demand paging

    private void demandPaging() {
      JsonNode entry = run.required("entry");
      int pageSize = name.startsWith("pages64K") ? 0x1_0000 : 0x1000;
      Granule granule = Granule.parse(name.replaceFirst(".*-gran(\\d+K)-.*", "$1"));
      long testIpa = name.contains("distinctpage") ? 0x6000_0000L : BOOT_STUB;
      long code = number(entry, "elr");
      long handled = number(entry, "handled");
      long stackTop = number(entry, "sp");
      GoldenMachine golden =
          new GoldenMachine(
              run.required("cpu").asText(),
              pageSize,
              Tlb.Mode.REALISTIC,
              0,
              granule,
              code,
              stackTop - STACK_BYTES);
      golden.machine().ram().write(BOOT_STUB, 8, number(entry, "ipa0"));
      // The host's own stage 1 is Java's concern; the rest of its registers is as recorded.
      golden.host().writeRegister("SCTLR_EL2", HOST_SCTLR);
      golden.host().writeRegister("HCR_EL2", number(run.required("id"), "hcr_before"));
      golden.load(GUEST.formatted(testIpa, FAULT_IPA, handled), code);
      boolean rootAligned = (number(entry, "vttbr") & 0x7fff) == 0;
      if (granule == Granule.K16 && rootAligned) {
        // What the allocator handed out before decides whether one root happens to be aligned to
        // two; otherwise the walker begins in the table before it.
        golden.host().allocate(2);
      }
      long[] expectedWord = {number(entry, "ipa0")};
      golden.run(
          () -> {
            Stage2Mmu mmu = golden.stage2();
            mmu.map(code & -(2L << 20), code & -(2L << 20), 2L << 20, DATA);
            mmu.map(handled & -pageSize, handled & -pageSize, pageSize, DATA);
            long page = golden.host().allocate(0).value();
            golden.host().store(page, 8, TEST_WORD);
            mmu.map(testIpa, page, pageSize, DATA);
            mmu.query(testIpa).ifPresent(q -> expectedWord[0] = golden.host().load(q.pa()));
            entry(golden, entry);
          },
          (_, _) -> {});
      exits(golden, expectedWord[0]);
      exceptions(golden);
      if (!run.required("tree").isEmpty()) {
        equal("tree", recordedTree(), golden.exits.getLast().tree());
      }
      List<String> console = new ArrayList<>();
      run.required("console").forEach(line -> console.add(line.asText()));
      equal(
          "messages of a failed mapping",
          console.stream().filter(CONFLICT::equals).count(),
          golden.events.stream()
              .filter(e -> e instanceof SimEvent.Printed(String line) && line.equals(CONFLICT))
              .count());
      if (run.required("after").isObject()) {
        equal(
            "HCR_EL2 afterwards",
            run.required("after").required("hcr").asText(),
            OracleWorld.hex(golden.host().register("HCR_EL2")));
        boolean vacuous = expectedWord[0] != TEST_WORD && golden.exits.getLast().x()[1] == 1;
        tally.note(
            "golden runs: vacuous passes reproduced, where the guest compares another word with"
                + " itself (D45, D22)",
            vacuous ? 1 : 0);
      }
    }

    private void entry(GoldenMachine golden, JsonNode entry) {
      for (String register : List.of("vtcr", "hcr", "spsr")) {
        String full = register.toUpperCase(Locale.ROOT) + "_EL2";
        equal(
            "at entry " + full,
            entry.required(register).asText(),
            OracleWorld.hex(golden.host().register(full)));
      }
      equal(
          "at entry SCTLR_EL1",
          OracleWorld.hex(number(entry, "sctlr") & ~TSCXT),
          OracleWorld.hex(golden.host().register("SCTLR_EL1") & ~TSCXT));
      equal(
          "at entry SP_EL1",
          entry.required("sp").asText(),
          OracleWorld.hex(golden.host().register("SP_EL1")));
    }

    /**
     * @param word what the guest must read as its test word
     */
    private void exits(GoldenMachine golden, long word) {
      JsonNode recorded = run.required("exits");
      equal("number of exits", recorded.size(), golden.exits.size());
      for (int i = 0; i < Math.min(recorded.size(), golden.exits.size()); i++) {
        JsonNode wanted = recorded.get(i);
        GoldenMachine.Exit exit = golden.exits.get(i);
        long own = number(wanted, "x2");
        boolean neighbour =
            own != 0 && own != TEST_WORD && own != number(run.required("entry"), "ipa0");
        // A granule larger than the page shows the guest what happens to lie beside the page.
        long x2 = neighbour ? word : own;
        equal(
            "exit " + (i + 1),
            "vector %s esr %s far %s hpfar %s spsr %s x0 %s x1 %s x2 %s x29 %s sp %s"
                .formatted(
                    wanted.required("exit").asText(),
                    wanted.required("esr").asText(),
                    wanted.required("far").asText(),
                    wanted.required("hpfar").asText(),
                    wanted.required("spsr").asText(),
                    wanted.required("x0").asText(),
                    wanted.required("x1").asText(),
                    OracleWorld.hex(x2),
                    wanted.required("x29").asText(),
                    wanted.required("sp").asText()),
            "vector %s esr %s far %s hpfar %s spsr %s x0 %s x1 %s x2 %s x29 %s sp %s"
                .formatted(
                    exit.vector(),
                    OracleWorld.hex(exit.esr()),
                    OracleWorld.hex(exit.far()),
                    OracleWorld.hex(exit.hpfar()),
                    OracleWorld.hex(exit.spsr()),
                    OracleWorld.hex(exit.x()[0]),
                    OracleWorld.hex(exit.x()[1]),
                    OracleWorld.hex(exit.x()[2]),
                    OracleWorld.hex(exit.x()[29]),
                    OracleWorld.hex(exit.sp())));
      }
    }

    /** Exceptions and returns as the machine made them; the last SMC is the recorded host's. */
    private void exceptions(GoldenMachine golden) {
      List<String> wanted = new ArrayList<>();
      for (JsonNode step : run.required("exceptions")) {
        if (step.has("eret")) {
          wanted.add("eret");
        } else if (step.required("from").asText().equals("EL1")) {
          wanted.add(
              "esr "
                  + step.required("esr").asText().replaceFirst(".*/", "")
                  + " spsr "
                  + step.required("spsr").asText());
        }
      }
      List<String> found = new ArrayList<>();
      for (SimEvent event : golden.events) {
        if (event instanceof SimEvent.ExceptionReturned) {
          found.add("eret");
        } else if (event instanceof SimEvent.ExceptionTaken taken) {
          found.add(
              "esr " + OracleWorld.hex(taken.esr()) + " spsr " + OracleWorld.hex(taken.spsr()));
        }
      }
      equal("exceptions", wanted, found);
    }

    private List<String> recordedTree() {
      List<String> found = new ArrayList<>();
      for (JsonNode entry : run.required("tree")) {
        found.add(
            GoldenMachine.entry(
                entry.required(0).intValue(),
                entry.required(2).intValue(),
                Hex.parse(entry.required(3).asText())));
      }
      return found;
    }

    // Remapping under another VMID

    private void remapUnderOtherVmid() {
      List<String> wanted = new ArrayList<>();
      Pattern exit =
          Pattern.compile("exit esr=(\\S+) far=(\\S+) hpfar=(\\S+) elr=\\S+ x9=(\\S+) .*");
      for (JsonNode line : run.required("console")) {
        Matcher matcher = exit.matcher(line.asText());
        if (matcher.matches()) {
          wanted.add(matcher.replaceFirst("esr $1 far $2 hpfar $3 x9 $4"));
        }
      }
      // The recording machine forgets more than it must. Without a TLB nothing is stale at all;
      // with one that keeps what the architecture lets it keep, the guest still sees page 1.
      equal("exits without a TLB", wanted, remapped(Tlb.Mode.OFF));
      boolean stale = remapped(Tlb.Mode.REALISTIC).stream().noneMatch(e -> e.endsWith("0x2222"));
      tally.note(
          "golden runs: stale translations by a TLBI of another VMID (D1), which the recording"
              + " machine hides",
          stale ? 1 : 0);
    }

    private List<String> remapped(Tlb.Mode tlb) {
      long code = 0x4008_0190L;
      long ipa = 0x8000_0000L;
      GoldenMachine golden =
          new GoldenMachine(
              run.required("cpu").asText(), 0x1000, tlb, 5, Granule.K4, code, 0x402f_0000L);
      golden.load(READER, code);
      long[] pages = new long[3];
      golden.run(
          () -> {
            for (int i = 0; i < pages.length; i++) {
              pages[i] = golden.host().allocate(0).value();
            }
            golden.host().store(pages[0], 8, 0x1111);
            golden.host().store(pages[1], 8, 0x2222);
            golden.stage2().map(ipa, pages[0], 0x1000, DATA);
            new Stage2Mmu(golden.host(), Defects.AS_POSTED, pages[2]).init(3, Granule.K4, 48, true);
          },
          (number, host) -> {
            Stage2Mmu own = golden.stage2();
            if (number == 1) {
              host.writeRegister(
                  "VTTBR_EL2", new Stage2Mmu(host, Defects.AS_POSTED, pages[2]).vttbr());
              host.isb();
              own.map(ipa, pages[1], 0x1000, DATA);
              host.writeRegister("VTTBR_EL2", own.vttbr());
              host.isb();
            } else if (number == 2) {
              own.unmap(ipa, 0x1000);
            }
          });
      return golden.exits.stream()
          .limit(3)
          .map(e ->
              "esr "
                  + OracleWorld.hex(e.esr())
                  + " far "
                  + OracleWorld.hex(e.far())
                  + " hpfar "
                  + OracleWorld.hex(e.hpfar())
                  + " x9 "
                  + OracleWorld.hex(e.x()[9]))
          .toList();
    }

    private void equal(String what, Object wanted, Object found) {
      if (wanted.equals(found)) {
        tally.pass();
      } else {
        tally.fail(where + ", " + what, String.valueOf(wanted), String.valueOf(found));
      }
    }

    private static long number(JsonNode node, String key) {
      return Hex.parse(node.required(key).asText());
    }
  }
}
