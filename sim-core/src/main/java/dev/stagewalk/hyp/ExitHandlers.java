package dev.stagewalk.hyp;

import dev.stagewalk.arch.Hex;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The exit handlers by the names under which a scenario puts them together. */
public final class ExitHandlers {
  /** Every name, in the order in which handlers are best asked. */
  public static final List<String> NAMES =
      List.of(
          "no-progress",
          "fault-info",
          "mmio",
          "copy-on-write",
          "read-ahead",
          "demand-paging",
          "system-registers",
          "access-flags",
          "dirty-logging",
          "library-calls",
          "psci",
          "calls",
          "schedule",
          "wait",
          "floating-point",
          "inject-abort",
          "kill");

  private ExitHandlers() {}

  /**
   * A chain of handlers.
   *
   * @param text names separated by commas, in the order in which they are asked; {@code
   *     no-progress} and {@code inject-abort} take a number, as in {@code no-progress=20}
   * @throws IllegalArgumentException naming what is no handler, and what there is
   */
  public static HandlerChain parse(String text) {
    List<ExitHandler> links = new ArrayList<>();
    for (String word : text.split(",", -1)) {
      links.add(one(word.strip().toLowerCase(Locale.ROOT)));
    }
    return new HandlerChain("sync", links);
  }

  private static ExitHandler one(String word) {
    int equals = word.indexOf('=');
    String name = equals < 0 ? word : word.substring(0, equals);
    String number = equals < 0 ? "" : word.substring(equals + 1);
    boolean takesNumber = name.equals("no-progress") || name.equals("inject-abort");
    if (equals >= 0 && !takesNumber) {
      throw new IllegalArgumentException("the handler " + name + " takes no number");
    }
    return switch (name) {
      case "no-progress" ->
          new NoProgress(number.isEmpty() ? NoProgress.USUAL : (int) Hex.parse(number));
      case "fault-info" -> new FaultInfo();
      case "mmio" -> new MmioEmulation();
      case "copy-on-write" -> new CopyOnWrite();
      case "read-ahead" -> new ReadAhead();
      case "demand-paging" -> new DemandPaging();
      case "system-registers" -> new SystemRegisterTraps();
      case "access-flags" -> new AccessFlags();
      case "dirty-logging" -> new DirtyLogging();
      case "library-calls" -> new LibraryCalls();
      case "psci" -> new PsciCalls();
      case "calls" -> new HypervisorCalls();
      case "schedule" -> new Yield();
      case "wait" -> new WaitForEvent();
      case "floating-point" -> new FloatingPoint();
      case "inject-abort" ->
          number.isEmpty() ? new ReflectAbort() : new ReflectAbort((int) Hex.parse(number));
      case "kill" -> new KillOnAbort();
      default ->
          throw new IllegalArgumentException(
              "'" + name + "' is no exit handler; known are " + String.join(", ", NAMES));
    };
  }
}
