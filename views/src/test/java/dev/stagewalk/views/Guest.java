package dev.stagewalk.views;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.Ipa;
import dev.stagewalk.cpu.RegisterFile;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.Translation;
import dev.stagewalk.image.boot.SourceLines;
import dev.stagewalk.image.boot.SymbolTable;
import dev.stagewalk.mem.PhysicalMemory;
import dev.stagewalk.mmu.Features;
import dev.stagewalk.mmu.LiveTables;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.Stage2Walk;
import dev.stagewalk.mmu.Tlb;
import dev.stagewalk.mmu.TlbEntry;
import dev.stagewalk.session.Checks;
import dev.stagewalk.session.PeState;
import dev.stagewalk.session.Program;
import dev.stagewalk.session.RunState;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.time.Branches;
import dev.stagewalk.time.Events;
import dev.stagewalk.time.Mark;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A guest made by hand for tests of panes: tables in memory, registers, events, no engine. */
final class Guest {
  static final long ROOT = 0x4800_0000L;

  /** Leaf attributes: Normal Write-Back, read-write, Inner Shareable, Access flag. */
  static final long RW = 0x7fc;

  static final long RO = 0x77c;
  static final long DEVICE = 0x4c0;

  final PhysicalMemory memory = new PhysicalMemory(0x4000_0000L, 0x4000_0000L);
  final Map<String, Long> registers = new HashMap<>();
  final Map<String, Long> symbols = new HashMap<>();
  final long[] vectors = new long[64];
  final List<Event> events = new ArrayList<>();
  Tlb tlb = new Tlb(Tlb.Mode.REALISTIC, 64, 1);
  final List<Mark> marks = new ArrayList<>();
  final Granule granule;
  final int ipaBits;
  Optional<Snapshot.OpenWalk> walk = Optional.empty();
  Optional<Event> exit = Optional.empty();
  RunState state = RunState.PAUSED;
  Optional<PeState> before = Optional.empty();
  long instruction;
  private long micro;
  private long version;
  private long nextTable;

  Guest(Granule granule, int ipaBits, int startLevel) {
    this.granule = granule;
    this.ipaBits = ipaBits;
    boolean wide = startLevel < 0;
    long sl0 = granule == Granule.K4 ? (startLevel == 3 ? 3 : 2 - startLevel) : 3 - startLevel;
    long tg0 =
        switch (granule) {
          case K4 -> 0;
          case K64 -> 1;
          case K16 -> 2;
        };
    long vtcr = 1L << 31 | 5L << 16 | tg0 << 14 | 3L << 12 | 5L << 8 | sl0 << 6 | (64 - ipaBits);
    // Level −1 is named by SL2 = 1 beside SL0 = 0, with DS = 1.
    long wideVtcr = vtcr & ~(7L << 16 | 3L << 6) | 6L << 16 | 3L << 32;
    registers.put("VTCR_EL2", wide ? wideVtcr : vtcr);
    registers.put("VTTBR_EL2", 1L << 48 | ROOT);
    registers.put("HCR_EL2", 0x4_8000_0039L);
    registers.put("SCTLR_EL1", 0x30d0_1980L);
    registers.put("ESR_EL2", 0L);
    registers.put("FAR_EL2", 0L);
    registers.put("HPFAR_EL2", 0L);
    nextTable = ROOT + Math.max(granule.bytes(), parameters().rootBytes());
  }

  /** The drawing's guest: 4K granule, 48-bit IPAs, one page unmapped under it. */
  static Guest drawn() {
    Guest guest = new Guest(Granule.K4, 48, 0);
    guest.nextTable = 0x4800_1000L;
    guest.map(0x4000_0000L, 0x4000_0000L, 2, RW);
    guest.map(0x4020_0000L, 0x4820_0000L, 3, RW);
    guest.map(0x4020_1000L, 0x4820_1000L, 3, RW);
    guest.map(0x4020_2000L, 0x4820_2000L, 3, RW);
    guest.map(0x4040_0000L, 0x4040_0000L, 2, RW);
    guest.map(0x0900_0000L, 0x0900_0000L, 3, DEVICE);
    for (int i = 0; i < 16; i++) {
      guest.map(0x4060_0000L + 0x1000L * i, 0x4830_0000L + 0x1000L * i, 3, RW);
    }
    return guest;
  }

  Stage2Parameters parameters() {
    return Stage2Parameters.decode(
        registers.get("VTCR_EL2"),
        registers.get("VTTBR_EL2"),
        registers.get("HCR_EL2"),
        Features.MAX);
  }

  /** Maps one leaf at a level, making tables on the way. */
  void map(long ipa, long pa, int leafLevel, long attributes) {
    Stage2Parameters p = parameters();
    long table = p.rootBase();
    int high = ipaBits - 1;
    for (int level = p.startLevel(); level < leafLevel; level++) {
      int low = granule.levelShift(level);
      long at = table + 8 * (ipa >>> low & (1L << high - low + 1) - 1);
      long descriptor = memory.read(at, 8);
      if ((descriptor & 1) == 0) {
        descriptor = nextTable | 3;
        nextTable += granule.bytes();
        memory.write(at, 8, descriptor);
      }
      table = descriptor & 0xffff_ffff_f000L;
      high = low - 1;
    }
    int low = granule.levelShift(leafLevel);
    long at = table + 8 * (ipa >>> low & (1L << high - low + 1) - 1);
    // With DS = 1 the shareability is in VTCR_EL2, and its bits are address bits.
    long of = p.ds() ? attributes & ~0x300 : attributes;
    memory.write(at, 8, pa | of | (leafLevel == 3 ? 3 : 1));
  }

  /** The leaf of an IPA becomes invalid, and no TLB hears of it. */
  void unmap(long ipa) {
    memory.write(translate(ipa, Access.read(8)).lookups().getLast().descriptorAddress(), 8, 0);
  }

  Translation translate(long ipa, Access access) {
    return Stage2Walk.walk(parameters(), new Ipa(ipa), access, Stage2.reader(memory.image()));
  }

  /** The TLB holds what a walk of an IPA gives now. */
  void cache(long ipa) {
    Translation walked = translate(ipa, Access.read(8));
    tlb.insert(0, parameters(), walked, List.of());
  }

  /** VTTBR_EL2 names a VMID. */
  void vmid(int vmid) {
    registers.put("VTTBR_EL2", (long) vmid << 48 | ROOT);
  }

  Event add(SimEvent what) {
    micro += what.microSteps();
    Event event = new Event(events.size(), new Moment(1, instruction, micro), 0, what);
    events.add(event);
    return event;
  }

  void instructions(long count) {
    instruction += count;
    micro = 0;
  }

  /** The guest touches an address: a walk and, if it is refused, the exit. */
  Translation touch(long pc, long ipa, Access access) {
    Translation walked = translate(ipa, access);
    add(new SimEvent.Translated(pc, walked));
    if (walked.outcome() instanceof Translation.Fault fault) {
      long esr = esr(access, fault);
      long hpfar = fault.givesHpfar() ? ipa >>> 12 << 4 : 0;
      registers.put("ESR_EL2", esr);
      registers.put("FAR_EL2", ipa);
      registers.put("HPFAR_EL2", hpfar);
      exit =
          Optional.of(
              add(
                  new SimEvent.ExceptionTaken(
                      1, 2, 8, esr, ipa, hpfar, fault.givesHpfar(), pc, 0x3c5, walked)));
      state = RunState.AT_EXIT;
    }
    return walked;
  }

  /** The guest touches an address, and the TLB refuses without a walk. */
  void refuse(long ipa, Access access) {
    TlbEntry entry = Objects.requireNonNull(tlb.lookup(0, parameters().vmid(), ipa, access));
    Translation.Fault fault = Objects.requireNonNull(entry.refusal(ipa, access));
    Translation cause = new Translation(2, parameters().vmid(), ipa, access, List.of(), fault);
    long esr = esr(access, fault);
    registers.put("ESR_EL2", esr);
    registers.put("FAR_EL2", ipa);
    exit =
        Optional.of(
            add(
                new SimEvent.ExceptionTaken(
                    1, 2, 8, esr, ipa, 0, false, 0x4008_0158L, 0x3c5, cause)));
    state = RunState.AT_EXIT;
  }

  /** A walk of stage 2 that begins, as it may, with what the TLB holds; its parts are held then. */
  Translation translateHeld(long ipa, Access access) {
    LiveTables tables = new LiveTables(0, memory, tlb);
    tables.begin(null, parameters());
    Translation walked = Stage2Walk.walk(parameters(), new Ipa(ipa), access, tables);
    tlb.insert(0, parameters(), walked, tables.used());
    return walked;
  }

  private static long esr(Access access, Translation.Fault fault) {
    boolean fetch = access.kind() == Access.Kind.FETCH;
    long code = fault.kind().statusCode(fault.level());
    long write = access.kind() == Access.Kind.WRITE ? 1L << 6 : 0;
    return fetch ? 0x20L << 26 | 1L << 25 | code : 0x93c2_8000L | write | code;
  }

  Snapshot snapshot() {
    Map<String, Integer> index = new HashMap<>();
    long[] values = new long[registers.size()];
    registers.forEach((name, value) -> {
      values[index.size()] = value;
      index.put(name, index.size());
    });
    long[] x = new long[31];
    x[0] = 0x4020_3000L;
    x[2] = 0xdead_beefL;
    PeState pe =
        new PeState(
            1, 0x4008_0158L, 0x4823_0000L, 0x3c5, new RegisterFile(x, index, values, vectors));
    Moment now = new Moment(1, instruction, micro);
    List<Event> all = List.copyOf(events);
    return new Snapshot(
        ++version,
        new Scenario("hand", "By hand", "", "hand.s", "", granule, ipaBits, "none", List.of()),
        new Program(
            "hand.s",
            "",
            0x4008_0000L,
            0,
            Map.of(),
            symbols,
            SymbolTable.of(symbols, 0x4000_0000L, 0x5000_0000L),
            SourceLines.EMPTY),
        state,
        "paused",
        "",
        Optional.empty(),
        now,
        now,
        pe,
        before.orElse(pe),
        List.of(pe),
        List.of(before.orElse(pe)),
        memory.image(),
        tlb.entries(),
        walk,
        List.of(),
        exit,
        Branches.one(now),
        new Listed(all),
        all.size(),
        all.stream().filter(e -> e.what() instanceof SimEvent.ExceptionTaken).count(),
        "",
        "",
        List.copyOf(marks),
        List.of(),
        true,
        false,
        false,
        0,
        0,
        0,
        Checks.standing(List.of(pe), 0, memory.image(), tlb.entries()));
  }

  /** Events kept in a list. */
  record Listed(List<Event> list) implements Events {
    @Override
    public long size() {
      return list.size();
    }

    @Override
    public Event get(long number) {
      return list.get((int) number);
    }
  }
}
