package dev.stagewalk.views;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mmu.Stage1Tag;
import dev.stagewalk.mmu.TlbEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is selected, and what belongs to it: each pane lights those parts that it shows. Immutable.
 *
 * @param event number of an event
 * @param entries descriptors, in the order a walk reads them; the last is the one that matters
 * @param field a field of a register
 * @param ipa an input address of stage 2
 * @param instruction address of an instruction
 * @param tlbEntry an entry of the TLB
 */
public record Selection(
    OptionalLong event,
    List<Entry> entries,
    Optional<Field> field,
    OptionalLong ipa,
    OptionalLong instruction,
    Optional<TlbEntry> tlbEntry) {

  /** Nothing. */
  public static final Selection NONE =
      new Selection(
          OptionalLong.empty(),
          List.of(),
          Optional.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          Optional.empty());

  public Selection {
    entries = List.copyOf(entries);
  }

  /**
   * An entry of a translation table of either stage.
   *
   * @param table physical address of the table; of the first, if several are concatenated
   * @param index from 0, through all concatenated tables
   * @param level level of lookup, −1 to 3
   */
  public record Entry(long table, int index, int level) {

    /** Physical address of the descriptor. */
    public long address() {
      return table + 8L * index;
    }

    /** "L3[3]". */
    public String words() {
      return Levels.name(level) + "[" + index + "]";
    }
  }

  /**
   * A field of a register.
   *
   * @param register its architectural name
   * @param name the field's; empty for the whole register
   */
  public record Field(String register, String name) {}

  /** An event with all that belongs to it: the walk's entries, its IPA, the instruction. */
  public static Selection of(Event event) {
    Selection plain = NONE.withEvent(event.number());
    return switch (event.what()) {
      case SimEvent.Translated t -> plain.withWalk(t.translation()).withInstruction(t.pc());
      case SimEvent.ExceptionTaken e -> {
        Selection at = plain.withInstruction(e.elr());
        yield e.cause() == null ? at : at.withWalk(e.cause());
      }
      case SimEvent.ExceptionReturned e -> plain.withInstruction(e.pc());
      case SimEvent.Recorded e -> {
        Selection at = e.pc().isPresent() ? plain.withInstruction(e.pc().getAsLong()) : plain;
        yield e.ipa().isPresent() ? at.withIpa(e.ipa().getAsLong()) : at;
      }
      case SimEvent.RegisterWritten e -> plain.withField(new Field(e.register(), ""));
      case SimEvent.ContextSaved _, SimEvent.ContextLoaded _, SimEvent.HostCallBegan _ -> plain;
      case SimEvent.HostCallEnded _, SimEvent.Allocated _, SimEvent.Freed _ -> plain;
      case SimEvent.DescriptorStored _, SimEvent.HostStored _ -> plain;
      case SimEvent.MemoryCleared _, SimEvent.MemoryCopied _ -> plain;
      case SimEvent.TlbInvalidated _, SimEvent.BarrierCompleted _, SimEvent.Printed _ -> plain;
      case SimEvent.UartByte _, SimEvent.HandlerAnswered _, SimEvent.GuestStopped _ -> plain;
      case SimEvent.Withheld _ -> plain;
      case SimEvent.Edited _, SimEvent.FirmwareCalled _, SimEvent.TimePassed _ -> plain;
    };
  }

  /** An entry and the first IPA it translates. */
  public static Selection of(Entry entry, long ipa) {
    return NONE.withEntries(List.of(entry)).withIpa(ipa);
  }

  /** An entry of the TLB and the first IPA it translates. */
  public static Selection of(TlbEntry entry) {
    return new Selection(
        NONE.event, NONE.entries, NONE.field, ipaOf(entry), NONE.instruction, Optional.of(entry));
  }

  /** An entry of VAs in a regime without stage 2 translates no IPA. */
  private static OptionalLong ipaOf(TlbEntry entry) {
    Stage1Tag tag = entry.stage1();
    boolean ipa = tag == null || (tag.underStage2() && !entry.kind().isTable());
    return ipa ? OptionalLong.of(entry.ipa(entry.input())) : OptionalLong.empty();
  }

  /** A field of a register, or the register if the field's name is empty. */
  public static Selection of(Field field) {
    return NONE.withField(field);
  }

  /** An input address of stage 2. */
  public static Selection ofIpa(long ipa) {
    return NONE.withIpa(ipa);
  }

  /** An instruction of the guest. */
  public static Selection ofInstruction(long address) {
    return NONE.withInstruction(address);
  }

  public Selection withEvent(long number) {
    return new Selection(OptionalLong.of(number), entries, field, ipa, instruction, tlbEntry);
  }

  public Selection withEntries(List<Entry> newEntries) {
    return new Selection(event, newEntries, field, ipa, instruction, tlbEntry);
  }

  public Selection withField(Field newField) {
    return new Selection(event, entries, Optional.of(newField), ipa, instruction, tlbEntry);
  }

  public Selection withIpa(long address) {
    return new Selection(event, entries, field, OptionalLong.of(address), instruction, tlbEntry);
  }

  public Selection withInstruction(long address) {
    return new Selection(event, entries, field, ipa, OptionalLong.of(address), tlbEntry);
  }

  /** The entries of both stages in the order they were read, and the IPA stage 2 was asked for. */
  private Selection withWalk(Translation translation) {
    List<Entry> read = new ArrayList<>();
    for (Lookup lookup : translation.lookups()) {
      if (lookup.verdict() != Lookup.Verdict.UNREACHED) {
        read.add(entry(lookup));
      } else {
        lookup.nested().forEach(nested -> read.add(entry(nested)));
      }
    }
    Selection next = withEntries(read);
    return translation.lastStage2().map(Translation::input).map(next::withIpa).orElse(next);
  }

  /** The entry a lookup read. */
  public static Entry entry(Lookup lookup) {
    return new Entry(
        lookup.descriptorAddress() - 8L * lookup.index(), lookup.index(), lookup.level());
  }

  public boolean isEmpty() {
    return equals(NONE);
  }

  /** Whether the descriptor at this physical address belongs to the selection. */
  public boolean hasDescriptor(long pa) {
    return entries.stream().anyMatch(e -> e.address() == pa);
  }

  /** Whether an IPA is selected that lies in a range. */
  public boolean hasIpaIn(long first, long size) {
    return ipa.isPresent() && Long.compareUnsigned(ipa.getAsLong() - first, size) < 0;
  }

  /** Whether this field of this register, or the whole register, is selected. */
  public boolean hasField(String register, String name) {
    return field.isPresent()
        && field.get().register().equals(register)
        && (field.get().name().isEmpty() || field.get().name().equals(name));
  }

  /** In words, for the status bar: "event 47 · L3[3] · IPA 0x4020_3018". */
  public String words() {
    StringBuilder out = new StringBuilder();
    event.ifPresent(n -> add(out, "event " + n));
    if (!entries.isEmpty()) {
      add(out, entries.getLast().words());
    }
    field.ifPresent(
        f -> add(out, f.name().isEmpty() ? f.register() : f.register() + "." + f.name()));
    ipa.ifPresent(a -> add(out, "IPA " + Hex.address(a)));
    instruction.ifPresent(a -> add(out, "instruction " + Hex.address(a)));
    tlbEntry.ifPresent(e -> add(out, "TLB entry, " + e.kind().words()));
    return out.toString();
  }

  private static void add(StringBuilder out, String part) {
    out.append(out.isEmpty() ? "" : " · ").append(part);
  }
}
