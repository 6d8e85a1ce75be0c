package dev.stagewalk.explain;

import dev.stagewalk.arch.FieldValue;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Register;
import dev.stagewalk.arch.RegisterTable;
import dev.stagewalk.event.Barrier;
import dev.stagewalk.event.Instruction;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.TlbiScope;
import dev.stagewalk.explain.Explanation.Draft;
import dev.stagewalk.explain.Explanation.Evidence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the hypervisor, the guest's device and the person in front do, one event each. */
final class EventStory {
  private EventStory() {}

  static Explanation callBegan(Scene scene, SimEvent.HostCallBegan call) {
    String failed =
        scene.following().stream()
            .filter(e -> e instanceof SimEvent.HostCallEnded end && !end.ok())
            .map(e -> ((SimEvent.HostCallEnded) e).result())
            .findFirst()
            .orElse("");
    Draft draft =
        new Draft(call.name()).route("EL2").say(purpose(call.name())).steps(HostSteps.of(scene));
    if (!call.arguments().isEmpty()) {
      draft.say("Called with " + call.arguments() + ".");
    }
    if (!failed.isEmpty()) {
      draft.say("It was refused: " + failed + ".");
    }
    long stores =
        scene.following().stream().filter(e -> e instanceof SimEvent.DescriptorStored).count();
    long removals =
        scene.following().stream().filter(e -> e instanceof SimEvent.TlbInvalidated).count();
    if (stores > 0 && removals == 0) {
      draft.say(
          "It stored "
              + (stores == 1 ? "1 descriptor" : stores + " descriptors")
              + " and issued no TLBI: "
              + withoutTlbi(call.name()));
    }
    return draft.done();
  }

  private static String withoutTlbi(String name) {
    return name.equals("s2mmu_clear_access")
        ? "legal for the Access flag; what a TLB still holds is used on, and is not seen as"
            + " touched."
        : "right for entries that were invalid before or had the Access flag clear, since no TLB"
            + " holds those.";
  }

  private static String purpose(String name) {
    return switch (name) {
      case "s2mmu_init" -> "The library makes an empty stage 2: a root table filled with zeros.";
      case "s2mmu_enable" ->
          "The library loads VTCR_EL2 and VTTBR_EL2 and empties the TLB of this VMID.";
      case "s2mmu_disable" -> "The library empties the TLB of this VMID and leaves stage 2.";
      case "s2mmu_destroy" -> "The library gives all tables back.";
      case "s2mmu_map" -> "The library maps a range of IPAs to physical memory.";
      case "s2mmu_unmap" ->
          "The library makes a range of IPAs invalid and makes the TLB forget it.";
      case "s2mmu_query" -> "The library looks up where an IPA leads.";
      case "s2mmu_protect" ->
          "The library changes the permissions of a range; leaves may change in place, and the TLBI"
              + " comes after.";
      case "s2mmu_accessed" -> "The library reads which Access flags of a range are set.";
      case "s2mmu_clear_access" -> "The library clears the Access flags of a range.";
      case "s2mmu_set_access" ->
          "The library sets an Access flag; as no TLB holds a leaf without it, no TLBI is needed.";
      case "s2mmu_log_start" ->
          "The library puts the pages of a range under the log of writes: each loses S2AP[1].";
      case "s2mmu_log_write" ->
          "The library gives a page back its S2AP[1]: from now on it counts as written.";
      case "s2mmu_log_collect" ->
          "The library lists the pages that were written and takes their S2AP[1] away again.";
      case "s2mmu_log_stop" -> "The library ends the log of writes.";
      case "s2mmu_split" ->
          "The library replaces a block by the next level's entries, with break-before-make.";
      case "s2mmu_merge" ->
          "The library replaces everything below a table by one block, with break-before-make.";
      case "s2mmu_hardware_updates" ->
          "The library sets or clears VTCR_EL2.HA and HD: whether the walker updates descriptors.";
      case "s2mmu_print_fault_info" -> "The library prints the syndrome registers.";
      case "guest_create" -> "The hypervisor makes a guest: its structure, tables and memory.";
      case "guest_run" -> "The hypervisor loads the guest's registers and enters it.";
      case "guest_destroy" -> "The hypervisor gives back all that belonged to the guest.";
      default -> "The hypervisor calls " + name + ".";
    };
  }

  static Explanation callEnded(SimEvent.HostCallEnded call) {
    return new Draft(call.name() + (call.ok() ? " returns" : " fails"))
        .route("EL2")
        .say(
            call.result().isEmpty()
                ? "It did what it was asked to."
                : Wording.capital(call.result()) + ".")
        .done();
  }

  static Explanation returned(Scene scene, SimEvent.ExceptionReturned event) {
    return new Draft("Exception return to EL" + event.toEl())
        .route("EL" + event.fromEl() + " → EL" + event.toEl())
        .say(
            "ERET: the PE goes on at "
                + Hex.address(event.pc())
                + scene.instruction().map(text -> " (`" + text + "`)").orElse("")
                + " with PSTATE from SPSR_EL"
                + event.fromEl()
                + ".")
        .rule(
            "An exception return is a context synchronisation event: what was written to system"
                + " registers and tables before it counts from here on.",
            "Exception return")
        .done();
  }

  static Explanation descriptor(Scene scene, SimEvent.DescriptorStored event) {
    Optional<TablePlace> place = TablePlace.of(scene, event.pa());
    Draft draft =
        new Draft("Descriptor stored")
            .route(route(event.by()))
            .say(
                (event.by() == null
                        ? "The hypervisor"
                        : "The instruction at " + Hex.address(event.by().pc()))
                    + " stored "
                    + Wording.descriptor(event.value())
                    + " at "
                    + Hex.address(event.pa())
                    + place.map(p -> ": " + p.words()).orElse("")
                    + ".")
            .evidence(
                "before",
                Wording.descriptor(event.old()),
                place.map(p -> p.meaning(event.old())).orElse(""))
            .evidence(
                "after",
                Wording.descriptor(event.value()),
                place.map(p -> p.meaning(event.value())).orElse(""));
    boolean was = (event.old() & 1) != 0;
    boolean is = (event.value() & 1) != 0;
    long difference = event.old() ^ event.value();
    long permissions =
        LeafBits.S2AP_READ | LeafBits.S2AP_WRITE | LeafBits.ACCESS_FLAG | LeafBits.XN_FIELD;
    if (!was && is) {
      draft.rule(
          "From invalid to valid needs no TLBI: no TLB holds an invalid entry. A DSB makes it"
              + " visible to walks.",
          "TLB maintenance requirements and the TLB maintenance instructions");
    } else if (was && !is) {
      draft.rule(
          "The old translation may live on in a TLB until a TLBI that covers it has completed.",
          "TLB maintenance requirements and the TLB maintenance instructions");
    } else if (was && (difference & ~permissions) == 0 && difference != 0) {
      draft.rule(
          "Permissions and the Access flag may change in place, but a TLBI must follow.",
          "TLB maintenance requirements and the TLB maintenance instructions");
    } else if (was && difference != 0) {
      draft.rule(
          "From one valid entry to a different one must go through invalid: store 0, TLBI, and only"
              + " then the new entry (break-before-make).",
          "Using break-before-make when updating translation table entries");
    }
    return draft.done();
  }

  static Explanation register(SimEvent.RegisterWritten event) {
    Draft draft =
        new Draft(event.register() + " written")
            .route("EL2")
            .say(
                "The hypervisor wrote "
                    + event.register()
                    + " = "
                    + Hex.full(event.value())
                    + " (before "
                    + Hex.full(event.old())
                    + ").");
    RegisterTable.standard()
        .register(event.register())
        .ifPresent(register ->
            draft.say(Wording.capital(register.purpose()) + ".").evidence(fields(register, event)));
    return draft
        .rule(
            "A write to a system register is certain to count for translations only after a"
                + " context synchronisation event: ISB, exception entry or return.",
            "Synchronization requirements for AArch64 System registers")
        .done();
  }

  private static List<Evidence> fields(Register register, SimEvent.RegisterWritten event) {
    List<Evidence> rows = new ArrayList<>();
    for (FieldValue field : register.decode(event.value())) {
      boolean changed = ((event.old() ^ event.value()) >>> field.lo() & mask(field)) != 0;
      if (changed || field.raw() != 0) {
        rows.add(
            new Evidence(
                event.register(),
                field.name(),
                field.bits(),
                Hex.plain(field.raw()),
                field.text() + (changed ? " (changed)" : "")));
      }
    }
    return rows;
  }

  private static long mask(FieldValue field) {
    return -1L >>> (63 - (field.hi() - field.lo()));
  }

  static Explanation tlbi(Scene scene, SimEvent.TlbInvalidated event) {
    TlbiScope scope = event.scope();
    Draft draft =
        new Draft("TLBI " + scope.title())
            .route(route(event.by()))
            .say(
                "It names "
                    + scope.words()
                    + ". "
                    + Wording.capital(Wording.entries(event.removed()))
                    + (event.removed() == 1 ? " was" : " were")
                    + " removed.");
    if (!scope.everyAddress()) {
      draft.evidence("operand", Hex.full(scope.operand()), scope.words());
    }
    draft.rule(
        "A TLBI is complete only after a DSB for reads and writes of its domain"
            + (scope.vmid() < 0 ? "." : "; it acts on the VMID that VTTBR_EL2 names."),
        "TLB maintenance instructions");
    if (!event.byGuest()
        && scope.vmid() >= 0
        && scene.stage2().enabled()
        && scene.stage2().vmid() != event.vmid()) {
      draft.say("VTTBR_EL2 now names VMID " + scene.stage2().vmid() + ".");
    }
    return draft.done();
  }

  static Explanation barrier(SimEvent.BarrierCompleted event) {
    Barrier barrier = event.barrier();
    Draft draft = new Draft(Wording.upper(event.text())).route(route(event.by()));
    String where = barrier.domain().words();
    switch (barrier.kind()) {
      case ISB ->
          draft
              .say(
                  "What was written to system registers before counts for everything that follows.")
              .rule(
                  "ISB is a context synchronisation event.", "Instruction Synchronization Barrier");
      case DSB ->
          draft
              .say(
                  switch (barrier.types()) {
                    case ALL -> "Accesses and TLBIs before it are complete " + where + ".";
                    case STORES ->
                        "Stores before it are visible " + where + "; it does not complete a TLBI.";
                    case LOADS ->
                        "Loads before it are complete " + where + ", stores and TLBIs are not.";
                  })
              .rule(
                  "A DSB completes when every access before it has.",
                  "Data Synchronization Barrier");
      case DMB ->
          draft
              .say(
                  "Accesses before it are seen before those after it "
                      + where
                      + "; it completes nothing, neither for walks nor a TLBI.")
              .rule("A DMB orders accesses.", "Data Memory Barrier");
    }
    if (event.removed() > 0) {
      draft.say(
          "TLBIs that it completed removed "
              + Wording.entries(event.removed())
              + " from the TLBs.");
    }
    return draft.done();
  }

  private static String route(@Nullable Instruction by) {
    return by == null ? "EL2" : "EL" + by.el();
  }

  static Explanation answered(SimEvent.HandlerAnswered event) {
    return new Draft(event.resume() ? "RESUME" : "EXIT")
        .route("EL2")
        .say(
            "The handler "
                + event.handler()
                + " answered "
                + (event.resume() ? "RESUME" : "EXIT")
                + ": "
                + event.reason()
                + ".")
        .say(
            event.resume()
                ? "The stub loads the guest's registers and returns to it."
                : "guest_run returns to its caller; the guest is not entered again.")
        .done();
  }

  static Explanation stopped(Scene scene, SimEvent.GuestStopped event) {
    String who = scene.bare() ? "The program " : "The guest ";
    return new Draft(who + (event.ok() ? "has ended" : "was stopped"))
        .say(Wording.capital(event.reason()) + ".")
        .say(
            event.ok()
                ? "It counts as a success."
                : "It did not ask to end: look at the exit before this event.")
        .done();
  }

  static Explanation edited(Scene scene, SimEvent.Edited event) {
    String what = event.what();
    Draft draft = new Draft("You: " + what);
    if (what.startsWith("refused ")) {
      return draft
          .say(Wording.capital(what) + ".")
          .say("It was planned for this moment and could not be done: nothing has changed.")
          .done();
    }
    return draft
        .say(
            "This was done to the machine from outside: "
                + what
                + ". What had been executed after this moment before, if anything, stays in the"
                + " branch it left.")
        .steps(HostSteps.of(scene))
        .done();
  }

  static Explanation withheld(SimEvent.Withheld event) {
    return new Draft("You, and " + event.instruction())
        .say(Wording.capital(event.words()) + ".")
        .say(
            "The hypervisor goes on as if it had been carried out as written."
                + " It was the next of its kind after you had asked for this; the ones after it are"
                + " carried out again.")
        .done();
  }

  static Explanation uart(SimEvent.UartByte event) {
    int value = event.value() & 0xff;
    String shown = value >= 0x20 && value < 0x7f ? " ('" + (char) value + "')" : "";
    return new Draft("UART output")
        .route("EL1")
        .say("The guest stored " + Hex.plain(value) + shown + " to the UART's data register.")
        .done();
  }

  /** An event that its one line says completely. */
  static Explanation plain(String headline, Scene scene, SimEvent event) {
    return new Draft(headline)
        .route("EL2")
        .say(Wording.capital(HostSteps.line(scene, event)) + ".")
        .done();
  }
}
