package dev.stagewalk.app;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.session.Edit;
import dev.stagewalk.session.InjectionGrammar;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.views.Selection;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignA;
import org.kordamp.ikonli.materialdesign2.MaterialDesignB;
import org.kordamp.ikonli.materialdesign2.MaterialDesignC;
import org.kordamp.ikonli.materialdesign2.MaterialDesignE;
import org.kordamp.ikonli.materialdesign2.MaterialDesignF;
import org.kordamp.ikonli.materialdesign2.MaterialDesignI;
import org.kordamp.ikonli.materialdesign2.MaterialDesignL;
import org.kordamp.ikonli.materialdesign2.MaterialDesignM;
import org.kordamp.ikonli.materialdesign2.MaterialDesignR;
import org.kordamp.ikonli.materialdesign2.MaterialDesignS;
import org.kordamp.ikonli.materialdesign2.MaterialDesignT;

/**
 * What the menu offers to do to the machine: a line of the {@link InjectionGrammar} with places to
 * be filled in.
 */
enum InjectionKind {
  CLEAR_AF(
      "Clear the Access flag at the selection…",
      "Ctrl+Shift+A",
      MaterialDesignF.FLAG_OFF_OUTLINE,
      "clear-af ipa %s",
      true,
      Field.IPA),
  S2AP(
      "Change S2AP at the selection…",
      "Ctrl+Shift+S",
      MaterialDesignL.LOCK_OUTLINE,
      "s2ap ipa %s %s",
      true,
      Field.IPA,
      Field.choice("allowed", "ro", "none", "wo", "rw")),
  XN(
      "Change XN at the selection…",
      "Ctrl+Shift+X",
      MaterialDesignC.CANCEL,
      "xn ipa %s %s",
      true,
      Field.IPA,
      Field.choice("may execute", "neither", "el0", "el1", "both")),
  MEMATTR(
      "Change MemAttr at the selection…",
      "Ctrl+Shift+M",
      MaterialDesignM.MEMORY,
      "memattr ipa %s %s",
      true,
      Field.IPA,
      Field.choice("type", InjectionGrammar.memoryTypes().split(", "))),
  TABLE(
      "Point a table descriptor elsewhere…",
      "Ctrl+Shift+T",
      MaterialDesignT.TABLE_ARROW_RIGHT,
      "table ipa %s level %s to %s",
      true,
      Field.IPA,
      Field.choice("level", "2", "1", "0", "-1"),
      Field.typed("to PA", "0x4f000000")),
  FLIP(
      "Flip a bit of a descriptor, or of other memory…",
      "Ctrl+Shift+F",
      MaterialDesignB.BUG_OUTLINE,
      "flip pa %s bit %s",
      false,
      Field.ENTRY,
      Field.typed("bit", "0")),
  SKIP_NEXT(
      "Withhold the hypervisor's next TLBI or barrier…",
      "Ctrl+Shift+K",
      MaterialDesignS.SKIP_NEXT_OUTLINE,
      "skip-next %s",
      false,
      Field.choice("next", "tlbi", "dsb", "isb")),
  NARROW_NEXT(
      "Narrow the hypervisor's next TLBI…",
      "Ctrl+Shift+N",
      MaterialDesignA.ARROW_COLLAPSE_HORIZONTAL,
      "narrow-next tlbi %s %s",
      false,
      Field.choice("to", "local", "stage2", "vmid", "shift"),
      Field.typed("VMID or bits", "")),
  VMID(
      "Swap the VMID under the guest…",
      "Ctrl+Shift+V",
      MaterialDesignS.SWAP_HORIZONTAL,
      "vmid %s",
      true,
      Field.typed("VMID", "2")),
  VTCR(
      "Change VTCR_EL2 under the guest…",
      "",
      MaterialDesignC.COG_OUTLINE,
      "vtcr %s",
      true,
      Field.register("VTCR_EL2")),
  VTTBR(
      "Change VTTBR_EL2 under the guest…",
      "",
      MaterialDesignC.COG_OUTLINE,
      "vttbr %s",
      true,
      Field.register("VTTBR_EL2")),
  FAIL_ALLOC(
      "Fail the hypervisor's next allocation",
      "Ctrl+Shift+O",
      MaterialDesignE.EMOTICON_DEAD_OUTLINE,
      "fail-alloc",
      false),
  INTERRUPT(
      "Raise an SError, IRQ or FIQ…",
      "Ctrl+Shift+I",
      MaterialDesignL.LIGHTNING_BOLT_OUTLINE,
      "%s %s",
      true,
      Field.choice("kind", "irq", "fiq", "serror"),
      Field.choice("as", "physical", "virtual")),
  REGISTER(
      "Flip a bit of a register…",
      "Ctrl+Shift+R",
      MaterialDesignR.REGISTERED_TRADEMARK,
      "register %s bit %s",
      true,
      Field.REGISTER,
      Field.typed("bit", "0")),
  LINE(
      "Inject by a line of text…",
      "Ctrl+I",
      MaterialDesignI.INFORMATION_OUTLINE,
      "%s",
      false,
      Field.typed("inject", "unmap ipa "));

  private final String title;
  private final String key;
  private final Ikon icon;
  private final String template;
  private final boolean ofOnePe;
  private final List<Field> fields;

  InjectionKind(
      String title, String key, Ikon icon, String template, boolean ofOnePe, Field... fields) {
    this.title = title;
    this.key = key;
    this.icon = icon;
    this.template = template;
    this.ofOnePe = ofOnePe;
    this.fields = List.of(fields);
  }

  /** Where a place gets its first value from. */
  enum Source {
    /** Written down here. */
    TEXT,
    /** The selected IPA, or the likeliest. */
    IPA,
    /** The address of the selected descriptor. */
    ENTRY,
    /** The selected register. */
    REGISTER,
    /** The present value of the register that is named here. */
    VALUE
  }

  /**
   * A place to be filled in.
   *
   * @param choices all that it can hold; empty where it is typed
   */
  record Field(String label, Source source, String initial, List<String> choices) {
    static final Field IPA = new Field("IPA", Source.IPA, "", List.of());
    static final Field ENTRY = new Field("PA", Source.ENTRY, "", List.of());
    static final Field REGISTER = new Field("register", Source.REGISTER, "x0", List.of());

    static Field typed(String label, String initial) {
      return new Field(label, Source.TEXT, initial, List.of());
    }

    static Field choice(String label, String... choices) {
      return new Field(label, Source.TEXT, choices[0], Arrays.asList(choices));
    }

    static Field register(String name) {
      return new Field(name, Source.VALUE, name, List.of());
    }

    /** What it holds before anything is typed. */
    String first(Snapshot now, Selection selected, long ipa) {
      return switch (source) {
        case TEXT -> initial;
        case IPA -> Hex.address(ipa & -now.scenario().granule().bytes());
        case ENTRY ->
            selected.entries().isEmpty()
                ? Hex.address(now.pe().system("VTTBR_EL2") & 0xffff_ffff_fffeL)
                : Hex.address(selected.entries().getLast().address());
        case REGISTER -> selected.field().map(Selection.Field::register).orElse(initial);
        case VALUE -> Hex.address(now.pe().system(initial));
      };
    }
  }

  String id() {
    return "inject-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  String title() {
    return title;
  }

  /** As the toolbar would write it: the first word of the line. */
  String brief() {
    return this == LINE ? "Inject…" : this == INTERRUPT ? "interrupt" : template.split(" ")[0];
  }

  String key() {
    return key;
  }

  Ikon icon() {
    return icon;
  }

  List<Field> fields() {
    return fields;
  }

  /** Whether it can be done at a moment, as far as that can be told before it is filled in. */
  Predicate<Snapshot> enabled(Predicate<Snapshot> canGoOn) {
    return this == FAIL_ALLOC ? canGoOn.and(s -> !s.scenario().bare()) : canGoOn;
  }

  /** Whether one of several PEs can be named. */
  boolean ofOnePe() {
    return ofOnePe;
  }

  /**
   * The line, with its places filled in.
   *
   * @param pe number of a PE; empty where none is named
   */
  String line(List<String> values, String pe) {
    String line = template.formatted(values.stream().map(String::strip).toArray());
    return (line.strip() + (pe.isBlank() ? "" : " pe " + pe.strip())).replaceAll(" +", " ");
  }

  /**
   * What a line does.
   *
   * @throws IllegalArgumentException in words
   */
  static Edit edit(String line) {
    return InjectionGrammar.parse(line);
  }
}
