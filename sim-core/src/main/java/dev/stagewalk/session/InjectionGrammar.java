package dev.stagewalk.session;

import dev.stagewalk.arch.Size;
import dev.stagewalk.cpu.Asynchronous;
import dev.stagewalk.event.Moment;
import dev.stagewalk.session.Injection.DataAccess;
import dev.stagewalk.session.Injection.Execution;
import dev.stagewalk.session.Injection.Extent;
import dev.stagewalk.session.Injection.Maintenance;
import dev.stagewalk.session.Injection.MemoryAttribute;
import dev.stagewalk.session.Injection.Narrowing;
import dev.stagewalk.time.When;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * What may be done to a machine, as it is typed on a command line, in a scenario and in a lesson:
 * one line, words between blanks, numbers decimal or {@code 0x}-hexadecimal with underscores.
 *
 * <pre>
 *   planned    = [ "inject" ] edit ( "at" | "@" ) time
 *   range      = "ipa" IPA [ "size" SIZE ]                                     else one granule
 *   time       = "start" | "exit" N | "event" N | "instruction" N | MOMENT     exits count from 1
 *   edit       = "unmap" "ipa" IPA [ "page" | "block" | "size" SIZE ]
 *              | "map" "ipa" IPA [ "size" SIZE ]                               fresh pages
 *              | "protect" range ( "none" | "r" | "rw" | "rx" | "rwx" )        by the hypervisor
 *              | "age" range [ "no-tlbi" ] | "accessed" range                  Access flags
 *              | "log-start" range | "log-collect" range | "log-stop"          writes to pages
 *              | "split" "ipa" IPA | "merge" "ipa" IPA "level" N
 *              | "clear-af" "ipa" IPA
 *              | "s2ap" "ipa" IPA ( "none" | "ro" | "wo" | "rw" )
 *              | "xn" "ipa" IPA ( "both" | "el0" | "neither" | "el1" )         who may execute
 *              | "memattr" "ipa" IPA TYPE                                      device-ngnrne, normal-wb, …
 *              | "table" "ipa" IPA "level" N "to" PA
 *              | "flip" "pa" PA "bit" N
 *              | "write" "pa" PA VALUE                                         8 bytes
 *              | "skip-next" ( "tlbi" | "dsb" | "isb" )
 *              | "narrow-next" "tlbi" ( "local" | "vmid" N | "shift" N | "stage2" )
 *              | "narrow-next" "dsb"                                           to its own PE
 *              | "vmid" N | "vtcr" VALUE | "vttbr" VALUE
 *              | "fail-alloc"
 *              | ( "serror" | "irq" | "fiq" ) [ "physical" | "virtual" ]
 *              | "register" NAME "bit" N                                       flips it
 *              | "set" NAME VALUE
 *              | "type" "TEXT"                                                 at the UART
 * </pre>
 *
 * <p>Every edit that concerns one PE takes {@code pe N} at its end; without it the PE that executes
 * next is meant. The moment of a time is written as everywhere else: {@code 1:18364.2}.
 */
public final class InjectionGrammar {
  private static final String AT = "at";

  /**
   * A kind of edit.
   *
   * @param verb its first word
   * @param syntax the whole of it: {@code s2ap ipa IPA none|ro|wo|rw [pe N]}
   * @param meaning what it does, in a few words
   */
  public record Form(String verb, String syntax, String meaning) {}

  private record Row(Form form, Function<InjectionWords, Edit> reader) {}

  private static final Map<String, Row> ROWS = rows();

  private InjectionGrammar() {}

  /** Every kind of edit, in the order of the grammar. */
  public static List<Form> forms() {
    return ROWS.values().stream().map(Row::form).toList();
  }

  /** The words for TYPE, with commas between. */
  public static String memoryTypes() {
    return InjectionWords.names(MemoryAttribute.class);
  }

  /** How a time is written. */
  public static String timeSyntax() {
    return "start, exit N, event N, instruction N or a moment such as 1:18364.2";
  }

  /**
   * Reads an edit without a time.
   *
   * @throws IllegalArgumentException with the place, what was expected, and what may have been
   *     meant
   */
  public static Edit parse(String text) {
    InjectionWords words = new InjectionWords(text);
    Edit edit = edit(words);
    words.end();
    return edit;
  }

  /**
   * Reads an edit and its time.
   *
   * @throws IllegalArgumentException likewise
   */
  public static PlannedEdit parsePlanned(String text) {
    InjectionWords words = new InjectionWords(text);
    Edit edit = edit(words);
    words.expect(AT);
    When when = when(words);
    words.end();
    return new PlannedEdit(edit, when, text.strip());
  }

  private static Edit edit(InjectionWords words) {
    words.skip("inject");
    Row row =
        Objects.requireNonNull(ROWS.get(words.oneOf("what to do", List.copyOf(ROWS.keySet()))));
    return row.reader().apply(words);
  }

  private static When when(InjectionWords words) {
    String word = words.peek();
    if (!word.isEmpty() && Character.isDigit(word.charAt(0))) {
      return new When.AtMoment(words.read("a moment", Moment::parse));
    }
    return switch (words.oneOf("a time", List.of("start", "exit", "event", "instruction"))) {
      case "start" -> new When.AtMoment(Moment.START);
      case "exit" -> new When.AtExit(words.number("the number of an exit", 1, Long.MAX_VALUE));
      case "event" -> new When.AtEvent(words.number("the number of an event", 0, Long.MAX_VALUE));
      default ->
          new When.AtMoment(Moment.at(words.number("a number of instructions", 0, Long.MAX_VALUE)));
    };
  }

  private static Map<String, Row> rows() {
    Map<String, Row> rows = new LinkedHashMap<>();
    row(
        rows,
        "unmap ipa IPA [page|block|size SIZE]",
        "take away what an IPA, or a range, maps to",
        InjectionGrammar::unmap);
    row(
        rows,
        "map ipa IPA [size SIZE]",
        "let the hypervisor map fresh pages",
        InjectionGrammar::map);
    libraryRows(rows);
    row(
        rows,
        "clear-af ipa IPA [pe N]",
        "clear the Access flag of a leaf, without maintenance",
        w -> new Injection.ClearAccessFlag(w.ipa(), w.pe()));
    row(
        rows,
        "s2ap ipa IPA none|ro|wo|rw [pe N]",
        "change what a leaf allows of data accesses",
        w -> new Injection.SetS2ap(w.ipa(), w.constant(DataAccess.class), w.pe()));
    row(
        rows,
        "xn ipa IPA both|el0|neither|el1 [pe N]",
        "change who may execute what a leaf maps",
        w -> new Injection.SetXn(w.ipa(), w.constant(Execution.class), w.pe()));
    row(
        rows,
        "memattr ipa IPA TYPE [pe N]",
        "change the memory type of a leaf",
        w -> new Injection.SetMemAttr(w.ipa(), w.constant(MemoryAttribute.class), w.pe()));
    row(
        rows,
        "table ipa IPA level N to PA [pe N]",
        "point a table descriptor elsewhere",
        InjectionGrammar::table);
    row(
        rows,
        "flip pa PA bit N",
        "flip a bit of memory, such as a descriptor's",
        w -> {
          long pa = w.address("pa");
          return new Injection.FlipMemory(pa, w.bit());
        });
    row(
        rows,
        "write pa PA VALUE",
        "set 8 bytes of memory",
        w -> {
          long pa = w.address("pa");
          return new Edit.SetMemory(pa, w.value("a value of 8 bytes"));
        });
    row(
        rows,
        "skip-next tlbi|dsb|isb",
        "withhold the next such instruction of the hypervisor",
        w -> new Injection.SkipNext(w.constant(Maintenance.class)));
    row(
        rows,
        "narrow-next tlbi local|vmid N|shift N|stage2, or narrow-next dsb",
        "let its next TLBI name less, or something else, or its next DSB wait for its own PE only",
        InjectionGrammar::narrow);
    row(
        rows,
        "vmid N [pe N]",
        "change the VMID in VTTBR_EL2 under a guest that runs",
        w -> new Injection.SetVmid((int) w.number("a VMID", 0, 0xffff), w.pe()));
    row(
        rows,
        "vtcr VALUE [pe N]",
        "change VTCR_EL2 under a guest that runs",
        w -> new Injection.SetVtcr(w.value("a value of VTCR_EL2"), w.pe()));
    row(
        rows,
        "vttbr VALUE [pe N]",
        "change VTTBR_EL2 under a guest that runs",
        w -> new Injection.SetVttbr(w.value("a value of VTTBR_EL2"), w.pe()));
    row(
        rows,
        "fail-alloc",
        "let the hypervisor's next allocation of pages find none",
        _ -> new Injection.FailAllocation());
    for (Asynchronous kind : List.of(Asynchronous.SERROR, Asynchronous.IRQ, Asynchronous.FIQ)) {
      row(
          rows,
          kind.name().toLowerCase(Locale.ROOT) + " [physical|virtual] [pe N]",
          "raise a physical or virtual " + kind.words() + ", pending until it is taken",
          w -> interrupt(w, kind));
    }
    row(
        rows,
        "register NAME bit N [pe N]",
        "flip a bit of a register: x0, sp, pc, v0, pstate, …",
        w -> {
          String name = w.word("a register");
          return new Injection.FlipRegister(name, w.bit(BitFlip.bits(name)), w.pe());
        });
    row(
        rows,
        "set NAME VALUE [pe N]",
        "set a register",
        w -> {
          String name = w.word("a register");
          return new Edit.SetRegister(name, w.value("a value of 64 bits"), w.pe());
        });
    row(
        rows,
        "type \"TEXT\"",
        "let text come in at the UART",
        w -> new Edit.Type(w.word("a text in quotation marks")));
    return rows;
  }

  /** What the hypervisor does by functions of its library, with all their maintenance. */
  private static void libraryRows(Map<String, Row> rows) {
    row(
        rows,
        "protect ipa IPA [size SIZE] none|r|rw|rx|rwx",
        "let the hypervisor change permissions",
        w -> new LibraryCall.Protect(range(w), w.constant(LibraryCall.Permissions.class)));
    row(
        rows,
        "age ipa IPA [size SIZE] [no-tlbi]",
        "let the hypervisor clear Access flags",
        w -> new LibraryCall.ClearAccess(range(w), !w.skip("no-tlbi")));
    row(
        rows,
        "accessed ipa IPA [size SIZE]",
        "let the hypervisor read Access flags",
        w -> new LibraryCall.Accessed(range(w)));
    row(
        rows,
        "log-start ipa IPA [size SIZE]",
        "let the hypervisor log which pages are written",
        w -> new LibraryCall.StartLog(range(w)));
    row(
        rows,
        "log-collect ipa IPA [size SIZE]",
        "let it list those written since it did last",
        w -> new LibraryCall.CollectLog(range(w)));
    row(rows, "log-stop", "let it end the log", _ -> new LibraryCall.StopLog());
    row(
        rows,
        "split ipa IPA",
        "let the hypervisor split a block",
        w -> new LibraryCall.Split(w.ipa()));
    row(
        rows,
        "merge ipa IPA level N",
        "let it merge what is below a table into a block",
        InjectionGrammar::merge);
  }

  private static LibraryCall.Range range(InjectionWords w) {
    long ipa = w.ipa();
    return new LibraryCall.Range(ipa, w.skip("size") ? size(w) : 0);
  }

  private static Edit merge(InjectionWords w) {
    long ipa = w.ipa();
    w.expect("level");
    return new LibraryCall.Merge(ipa, (int) w.number("a level", 0, 3));
  }

  private static void row(
      Map<String, Row> rows, String syntax, String meaning, Function<InjectionWords, Edit> reader) {
    String verb = Arrays.stream(syntax.split(" ")).findFirst().orElse(syntax);
    rows.put(verb, new Row(new Form(verb, syntax, meaning), reader));
  }

  private static Edit unmap(InjectionWords w) {
    long ipa = w.ipa();
    if (w.skip("block")) {
      return new Injection.Unmap(ipa, Extent.BLOCK, 0);
    }
    if (w.skip("size")) {
      return new Injection.Unmap(ipa, Extent.RANGE, size(w));
    }
    w.skip("page");
    return new Injection.Unmap(ipa, Extent.PAGE, 0);
  }

  private static Edit map(InjectionWords w) {
    long ipa = w.ipa();
    return new Edit.MapFresh(ipa, w.skip("size") ? size(w) : 0x1000);
  }

  private static long size(InjectionWords w) {
    return w.read("a size", Size::parse);
  }

  private static Edit table(InjectionWords w) {
    long ipa = w.ipa();
    w.expect("level");
    int level = (int) w.number("a level", -1, 3);
    long to = w.address("to");
    return new Injection.PointTable(ipa, level, to, w.pe());
  }

  private static Edit narrow(InjectionWords w) {
    if (w.oneOf("what to narrow", List.of("tlbi", "dsb")).equals("dsb")) {
      return new Injection.NarrowDsb();
    }
    Narrowing how =
        switch (w.oneOf("how", List.of("local", "vmid", "shift", "stage2"))) {
          case "local" -> new Narrowing.Local();
          case "vmid" -> new Narrowing.Vmid((int) w.number("a VMID", 0, 0xffff));
          case "shift" -> new Narrowing.Shift((int) w.number("a number of bits", 0, 63));
          default -> new Narrowing.Stage2();
        };
    return new Injection.NarrowNext(how);
  }

  private static Edit interrupt(InjectionWords w, Asynchronous kind) {
    boolean virtual = w.skip("virtual");
    if (!virtual) {
      w.skip("physical");
    }
    return new Injection.Interrupt(kind, virtual, w.pe());
  }
}
