package dev.stagewalk.explain;

import dev.stagewalk.arch.ExceptionClass;
import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.arch.FieldValue;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Syndrome;
import dev.stagewalk.event.SimEvent.Recorded;
import dev.stagewalk.explain.Explanation.Draft;
import dev.stagewalk.explain.Explanation.Evidence;
import java.util.Optional;

/** What a recording of a real machine says of an event, and what it does not. */
final class RecordedStory {
  private RecordedStory() {}

  static Explanation of(Recorded event) {
    Draft draft = event.esr().isPresent() ? syndrome(event) : plain(event);
    if (event.far().isPresent()) {
      draft.address("FAR_EL" + event.level(), event.far().getAsLong(), "the VA that was used");
    }
    if (event.ipa().isPresent()) {
      draft.address("IPA", event.ipa().getAsLong(), "as the source states it");
    }
    if (event.pc().isPresent()) {
      draft.address("PC", event.pc().getAsLong(), "of the guest");
    }
    return draft
        .evidence("the source", event.name(), event.text().isEmpty() ? "no more" : event.text())
        .say(silence(event))
        .done();
  }

  private static Draft syndrome(Recorded event) {
    long esr = event.esr().getAsLong();
    Syndrome syndrome = Syndrome.of(esr);
    String headline = syndrome.fault().map(f -> f.words()).orElse(syndrome.classWords());
    Draft draft = new Draft(headline).say("The syndrome says: " + syndrome.sentence() + ".");
    String register = "ESR_EL" + event.level();
    draft.address(register, esr, syndrome.classWords());
    for (FieldValue field : syndrome.fields()) {
      if (field.raw() != 0 && !field.name().startsWith("RES0")) {
        int width = field.hi() - field.lo() + 1;
        draft.evidence(
            java.util.List.of(
                new Evidence(
                    register,
                    field.name(),
                    field.bits(),
                    width <= 6 ? Wording.binary(field.raw(), width) : Hex.plain(field.raw()),
                    field.text())));
      }
    }
    boolean fromBelow = event.level() == 2 && ExceptionClass.isAbortFromBelow(syndrome.code());
    Optional<FaultKind> kind = syndrome.fault().flatMap(f -> f.kind());
    if (fromBelow && kind.isPresent()) {
      address(draft, event, kind.get(), (esr >>> 7 & 1) != 0);
    }
    return draft;
  }

  private static void address(Draft draft, Recorded event, FaultKind kind, boolean onWalk) {
    boolean kvm = event.name().startsWith("kvm_");
    String source = "HPFAR_EL2, Hypervisor IPA Fault Address Register";
    switch (kind) {
      case TRANSLATION, ACCESS_FLAG, ADDRESS_SIZE -> {
        draft.rule(
            "A stage-2 Translation, Access flag or Address size fault writes HPFAR_EL2 with the"
                + " page of the IPA"
                + (event.ipa().isPresent() ? ", so the PE itself stated this page." : "."),
            source);
        if (event.ipa().isEmpty()) {
          draft.say("HPFAR_EL2 was written, but the source does not show it: the IPA is unknown.");
        }
      }
      case PERMISSION -> {
        draft.rule(
            onWalk
                ? "A stage-2 Permission fault on a stage-1 walk writes HPFAR_EL2 with the page of"
                    + " the IPA."
                : "A stage-2 Permission fault that is not on a stage-1 walk leaves HPFAR_EL2"
                    + " UNKNOWN.",
            source);
        if (!onWalk && kvm && event.ipa().isPresent()) {
          draft.say(
              "HPFAR_EL2 says nothing at this fault: the IPA is what KVM found when it translated"
                  + " FAR_EL2 by the guest's stage 1.");
        }
      }
      case ALIGNMENT, EXTERNAL, EXTERNAL_ON_WALK, TLB_CONFLICT, UNSUPPORTED_EXCLUSIVE ->
          draft.say("HPFAR_EL2 need not be valid for this kind of fault.");
    }
  }

  private static Draft plain(Recorded event) {
    Draft draft = new Draft(event.name());
    String meaning = meaning(event.name());
    if (!meaning.isEmpty()) {
      draft.say(meaning);
    }
    if (event.exceptionClass().isPresent()) {
      draft.say(
          Wording.capital(Syndrome.of((long) event.exceptionClass().getAsInt() << 26).classWords())
              + ": the source says the Exception class and nothing else of the syndrome.");
    }
    return draft;
  }

  /** What an event of KVM is about; empty where its own text says enough. */
  private static String meaning(String name) {
    return switch (name) {
      case "kvm_entry" -> "The host enters the guest: it goes on at this PC.";
      case "kvm_exit" -> "The guest was left for the host; its PC is that of the exit.";
      case "kvm_mmio" ->
          "The host emulates an access to a device, after a stage-2 fault at this IPA. A read is"
              + " told twice: when it is asked for and when it is answered.";
      case "kvm_mmio_emulate" -> "The host decodes an instruction to emulate its access.";
      case "kvm_access_fault" -> "The host sets the Access flag of the page that was used.";
      case "kvm_hvc_arm64" -> "The guest called the hypervisor with HVC.";
      case "kvm_wfx_arm64" -> "The guest has nothing to do and waits: WFI or WFE was trapped.";
      case "kvm_sys_access" -> "The host emulates an access to a system register.";
      case "kvm_unmap_hva_range", "kvm_unmap_hva" ->
          "Host memory is taken away, and stage 2 must let go of it. The range is one of host"
              + " virtual addresses; which IPAs it backs is not in the source.";
      case "kvm_age_hva", "kvm_test_age_hva" ->
          "The host asks whether memory was used lately: the Access flag of its entries. The range"
              + " is one of host virtual addresses.";
      case "kvm_userspace_exit" -> "KVM returns to the program that runs the VM.";
      case "Exception return" -> "An ERET was executed, or what stands for one.";
      default -> "";
    };
  }

  /** What cannot be known from this source. */
  private static String silence(Recorded event) {
    return switch (event.form()) {
      case "qemu" ->
          "Not in the source: HPFAR_EL2, general registers, translation tables, VMID and time.";
      case "tarmac" ->
          "Not in this line of the source: translation tables, VMID, and registers that no line"
              + " beside it writes.";
      case "stage2-tables" ->
          "Not in the source: the output address, memory type, shareability, and when this was.";
      case "gdb-traps" ->
          "Not in the source: general registers, translation tables, and what was done about it.";
      default ->
          "Not in the source: general registers, translation tables, VMID, and what the host did"
              + " about it but for the events that follow.";
    };
  }
}
