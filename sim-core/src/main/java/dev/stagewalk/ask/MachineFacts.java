package dev.stagewalk.ask;

import static java.util.Map.entry;

import dev.stagewalk.arch.FieldValue;
import dev.stagewalk.arch.RegisterTable;
import dev.stagewalk.arch.Syndrome;
import dev.stagewalk.check.Preview;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.mmu.TlbEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Registers, memory and the TLB at a moment, and what values of registers mean. */
final class MachineFacts {
  /** Bits of PSTATE in the layout of SPSR_EL2. */
  private static final Map<String, Integer> PSTATE_BITS =
      Map.ofEntries(
          entry("n", 31),
          entry("z", 30),
          entry("c", 29),
          entry("v", 28),
          entry("pan", 22),
          entry("ss", 21),
          entry("il", 20),
          entry("d", 9),
          entry("a", 8),
          entry("i", 7),
          entry("f", 6),
          entry("sp", 0));

  static final Map<String, Function<Facts, Value>> NAMES = names();

  static final Map<String, FactNames.Callable> CALLS =
      Map.ofEntries(
          entry("memory", call(1, (f, a) -> full(memory(f, a.getFirst().number())))),
          entry("stores_to", call(1, (f, a) -> Value.count(storesTo(f, a.getFirst().number())))),
          entry("would_remove", call(2, (f, a) -> Value.count(preview(f, a).size()))),
          entry(
              "would_remove_of",
              call(
                  3,
                  (f, a) ->
                      Value.count(
                          preview(f, a).stream()
                              .filter(e -> translates(e, a.get(2).number()))
                              .count()))),
          entry("symbol", call(1, (f, a) -> Value.address(symbol(f, a.getFirst().text())))),
          entry(
              "host_printed", call(1, (f, a) -> Value.truth(hostPrinted(f, a.getFirst().text())))),
          entry("failures", call(1, (f, a) -> Value.count(failures(f, a.getFirst().text())))),
          entry("printed", call(1, (f, a) -> Value.truth(printed(f, a.getFirst().text())))),
          entry(
              "field",
              call(3, (_, a) -> field(a.get(0).text(), a.get(1).number(), a.get(2).text()))),
          entry("syndrome", call(1, (_, a) -> new Value.Words(syndrome(a).sentence()))),
          entry("class_words", call(1, (_, a) -> new Value.Words(syndrome(a).classWords()))),
          entry("fault_words", call(1, (_, a) -> new Value.Words(faultWords(syndrome(a))))),
          entry("tlb_holds", call(1, (f, a) -> Value.truth(held(f, a.getFirst()).isPresent()))),
          entry("tlb_output", call(1, (f, a) -> Value.address(tlbOutput(f, a.getFirst())))),
          entry(
              "tlb_writable", call(1, (f, a) -> Value.truth(require(f, a.getFirst()).writable()))),
          entry("tlb_size", call(1, (f, a) -> size(require(f, a.getFirst()).size()))),
          entry("tlb_of", call(1, (f, a) -> Value.count(ofVmid(f, a.getFirst().number())))));

  private MachineFacts() {}

  private static Map<String, Function<Facts, Value>> names() {
    Map<String, Function<Facts, Value>> all = new HashMap<>();
    all.put("pc", f -> Value.address(f.present().pc()));
    all.put("sp", f -> Value.address(f.present().sp()));
    all.put("el", f -> Value.count(f.present().el()));
    all.put("instructions", f -> Value.count(f.present().moment().instruction()));
    for (int i = 0; i < 31; i++) {
      int number = i;
      all.put("x" + i, f -> Value.address(f.present().x(number)));
      all.put("w" + i, f -> Value.address(f.present().x(number) & 0xffff_ffffL));
    }
    all.put("pe", f -> Value.count(f.present().pe()));
    all.put("pstate", f -> Value.address(f.present().pstate()));
    all.put("pstate.el", f -> Value.count(f.present().el()));
    PSTATE_BITS.forEach((name, bit) ->
        all.put("pstate." + name, f -> Value.count(f.present().pstate() >>> bit & 1)));
    all.put("tlb.entries", f -> Value.count(f.present().tlb().size()));
    all.put("tlb.stale", f -> Value.count(f.present().stale()));
    all.put("violations", f -> Value.count(f.present().violations()));
    return Map.copyOf(all);
  }

  private static FactNames.Callable call(int arity, FactNames.Computation computation) {
    return new FactNames.Callable(arity, computation);
  }

  private static Value full(long bits) {
    return new Value.Number(bits, Value.Form.FULL);
  }

  private static Value size(long bytes) {
    return new Value.Number(bytes, Value.Form.SIZE);
  }

  /** Stores to a descriptor so far, whoever made them. */
  private static long storesTo(Facts facts, long pa) {
    return facts.count(e -> e instanceof SimEvent.DescriptorStored stored && stored.pa() == pa);
  }

  /** What a TLBI would remove now: its name, and its operand. */
  private static List<TlbEntry> preview(Facts facts, List<Value> arguments) {
    String name = arguments.getFirst().text();
    Preview.Instruction instruction;
    try {
      instruction = Preview.Instruction.valueOf(name);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("no TLBI '" + name + "' can be asked for", e);
    }
    return facts.present().preview(instruction, arguments.get(1).number()).removed();
  }

  private static boolean translates(TlbEntry entry, long ipa) {
    return !entry.kind().isTable()
        && entry.kind() != TlbEntry.Kind.STAGE_1
        && Long.compareUnsigned(ipa - entry.ipa(entry.input()), entry.size()) < 0;
  }

  private static long memory(Facts facts, long pa) {
    return facts.read(pa, 8);
  }

  private static long symbol(Facts facts, String name) {
    return facts
        .present()
        .symbol(name)
        .orElseThrow(() -> new IllegalArgumentException("the program has no label '" + name + "'"));
  }

  private static boolean printed(Facts facts, String text) {
    return facts.present().console().contains(text);
  }

  private static boolean hostPrinted(Facts facts, String text) {
    return facts
        .newest(e -> e instanceof SimEvent.Printed line && line.text().contains(text))
        .isPresent();
  }

  /** How often a function of the host has failed so far. */
  private static long failures(Facts facts, String name) {
    return facts.count(
        e -> e instanceof SimEvent.HostCallEnded ended && !ended.ok() && ended.name().equals(name));
  }

  private static Syndrome syndrome(List<Value> arguments) {
    return Syndrome.of(arguments.getFirst().number());
  }

  private static String faultWords(Syndrome syndrome) {
    return syndrome
        .fault()
        .orElseThrow(() -> new IllegalArgumentException("that syndrome is of no abort"))
        .words();
  }

  /** A field of a register's value; of a syndrome also the fields its Exception class has. */
  static Value field(String register, long value, String field) {
    List<FieldValue> fields = new ArrayList<>();
    if (register.startsWith("ESR_")) {
      fields.addAll(Syndrome.of(value).fields());
    }
    fields.addAll(RegisterTable.standard().require(register).decode(value));
    return fields.stream()
        .filter(f -> f.name().equals(field))
        .findFirst()
        .map(f -> new Value.Number(f.raw(), f.raw() < 10 ? Value.Form.DEC : Value.Form.PLAIN))
        .orElseThrow(() ->
            new IllegalArgumentException(
                register
                    + " has no field '"
                    + field
                    + "' now; it has "
                    + String.join(", ", fields.stream().map(FieldValue::name).toList())));
  }

  /** The entry that translates an IPA under the VMID of now, by stage 2 or by both at once. */
  private static Optional<TlbEntry> held(Facts facts, Value ipa) {
    return find(facts, ipa.number());
  }

  static Optional<TlbEntry> find(Facts facts, long ipa) {
    int vmid = TableFacts.parameters(facts).vmid();
    return facts.present().tlb().stream()
        .filter(e -> e.vmid() == vmid && translates(e, ipa))
        .findFirst();
  }

  private static TlbEntry require(Facts facts, Value ipa) {
    return held(facts, ipa)
        .orElseThrow(
            () -> new IllegalArgumentException("the TLB holds no translation of " + ipa.text()));
  }

  private static long tlbOutput(Facts facts, Value ipa) {
    TlbEntry entry = require(facts, ipa);
    return entry.output() | (ipa.number() & entry.size() - 1);
  }

  private static long ofVmid(Facts facts, long vmid) {
    return facts.present().tlb().stream().filter(e -> e.vmid() == vmid).count();
  }
}
