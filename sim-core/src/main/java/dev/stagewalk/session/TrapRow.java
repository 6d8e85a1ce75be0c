package dev.stagewalk.session;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Syndrome;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.Translation;
import dev.stagewalk.image.boot.SymbolTable;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What one row of the trap log says.
 *
 * @param number of the event
 * @param moment of the event, as it can be typed
 * @param instruction instructions before the event
 * @param lane "exit", "host", "you", "guest"; of a program at EL2 itself "program" and "EL2"
 * @param name DABT_LOW, s2mmu_map, unmap
 * @param pe it happened on, from 0
 * @param el exception level it came from, or who acted
 * @param pc guest address, or "–"
 * @param symbol what names that address, as {@code main+0x10}, or empty
 * @param words what happened
 * @param result what came of it, empty as long as nothing has
 * @param times how many equal events in a row this stands for
 * @param time on the clock of a recording, in seconds, "–" where it says none; empty for a run of
 *     the simulator, whose time is the number of instructions
 */
public record TrapRow(
    long number,
    String moment,
    long instruction,
    String lane,
    String name,
    int pe,
    String el,
    String pc,
    String symbol,
    String words,
    String result,
    int times,
    String time) {
  private static final String LINE = "%6s %11s  %-7s %-18s %-3s %-11s %-18s  %s";
  private static final int RESULT_COLUMN = 60;

  /** What stands above {@link #line}: the names of its columns. */
  public static String heading() {
    return columns("event", "instruction", "lane", "name", "EL", "PC", "symbol", "what", "result");
  }

  /** As a line of text; the columns of all rows stand one below the other. */
  public String line() {
    String what = words + (times > 1 ? "  ×" + times : "");
    return columns(
        Long.toString(number),
        time.isEmpty() ? Long.toString(instruction) : time,
        lane,
        name,
        place(),
        pc,
        symbol,
        what,
        result);
  }

  /** "EL1", and which PE where it is not the first. */
  private String place() {
    return pe == 0 ? el : (el.equals("–") ? "" : el + " ") + "PE" + pe;
  }

  private static String columns(
      String number,
      String instruction,
      String lane,
      String name,
      String el,
      String pc,
      String symbol,
      String what,
      String result) {
    String padding = result.isEmpty() ? "" : " ".repeat(Math.max(0, RESULT_COLUMN - what.length()));
    return LINE.formatted(
            number, instruction, lane, name, el, pc, symbol, what + padding + "  " + result)
        .stripTrailing();
  }

  /**
   * The row of an event.
   *
   * @param answer the event that says what came of it; null as long as there is none
   * @param times how many equal events in a row it stands for
   * @param bare whether a program at EL2 itself runs, with no hypervisor of the simulator below it
   * @param names what names addresses of the program
   */
  public static TrapRow of(
      Event event, @Nullable Event answer, int times, boolean bare, SymbolTable names) {
    String result = answer == null ? "" : resultOf(answer.what());
    String below = bare ? "program" : "guest";
    return switch (event.what()) {
      case SimEvent.ExceptionTaken e ->
          row(
              event,
              e.toEl() < 2 ? below : e.fromEl() < 2 ? "exit" : bare ? "EL2" : "host",
              exceptionName(e),
              "EL" + e.fromEl(),
              Hex.address(trapped(e)),
              names.name(trapped(e)).orElse(""),
              exceptionWords(e, names),
              result,
              times);
      case SimEvent.HostCallBegan call ->
          row(event, "host", call.name(), "EL2", names.named(call.arguments()), result, times);
      case SimEvent.Edited edit -> {
        int space = edit.what().indexOf(' ');
        String verb = space < 0 ? edit.what() : edit.what().substring(0, space);
        yield row(event, "you", verb, "–", names.named(injected(edit)), result, times);
      }
      case SimEvent.Withheld withheld ->
          row(event, "you", "withheld", "–", withheld.words(), "", times);
      case SimEvent.GuestStopped stop ->
          row(
              event,
              below,
              stop.ok() ? "ended" : "stopped",
              "–",
              names.named(stop.reason()),
              "",
              times);
      case SimEvent.FirmwareCalled call ->
          row(
              event,
              below,
              "firmware",
              "–",
              names.named(
                  call.function() + (call.arguments().isEmpty() ? "" : " · " + call.arguments())),
              call.result() < 0 ? "failed: " + call.result() : Long.toString(call.result()),
              times);
      case SimEvent.Recorded recorded -> RecordedRow.of(event, recorded);
      case SimEvent other -> row(event, "", other.getClass().getSimpleName(), "", "", "", 1);
    };
  }

  /** The short name of an exception: {@code DABT_LOW}, {@code IRQ}. */
  public static String exceptionName(SimEvent.ExceptionTaken e) {
    return switch (e.vector() & 3) {
      case 1 -> "IRQ";
      case 2 -> "FIQ";
      case 3 -> "SError";
      default -> Syndrome.of(e.esr()).className();
    };
  }

  private static String exceptionWords(SimEvent.ExceptionTaken e, SymbolTable names) {
    if (e.cause() != null && e.cause().outcome() instanceof Translation.Fault fault) {
      StringBuilder out = new StringBuilder(e.cause().access().kind().words());
      out.append(" · ").append(fault.kind().at(fault.level()));
      if (fault.onStage1Walk()) {
        out.append(", on a stage-1 walk");
      }
      if (fault.stage() == 2) {
        long ipa = fault.ipa() == 0 ? e.cause().input() : fault.ipa();
        out.append(" · IPA ").append(names.shown(ipa));
      } else {
        out.append(" · VA ").append(names.shown(e.far()));
      }
      return out.toString();
    }
    if ((e.vector() & 3) == 1 || (e.vector() & 3) == 2) {
      return "interrupt";
    }
    long iss = e.esr() & 0x1ff_ffff;
    return switch (e.exceptionClass()) {
      case 0x15 -> "svc #" + Hex.immediate(iss & 0xffff);
      case 0x16 -> "hvc #" + Hex.immediate(iss & 0xffff);
      case 0x17 -> "smc #" + Hex.immediate(iss & 0xffff);
      case 0x01 -> (iss & 1) == 0 ? "wfi" : "wfe";
      case 0x3c -> "brk #" + Hex.immediate(iss & 0xffff);
      default -> Syndrome.of(e.esr()).sentence();
    };
  }

  /** What was planned and could not be done begins with its own word for that. */
  private static String injected(SimEvent.Edited edit) {
    return edit.what().startsWith("refused ") ? edit.what() : "injected: " + edit.what();
  }

  private static String resultOf(SimEvent answer) {
    if (answer instanceof SimEvent.HandlerAnswered handler) {
      String did = handler.reason().isEmpty() ? "" : ": " + handler.reason();
      return handler.handler() + " → " + (handler.resume() ? "RESUME" : "EXIT") + did;
    }
    if (answer instanceof SimEvent.HostCallEnded call) {
      return call.ok() ? call.result() : "failed: " + call.result();
    }
    return "";
  }

  /** A row of what no instruction of the program did. */
  private static TrapRow row(
      Event event, String lane, String name, String el, String words, String result, int times) {
    return row(event, lane, name, el, "–", "", words, result, times);
  }

  private static TrapRow row(
      Event event,
      String lane,
      String name,
      String el,
      String pc,
      String symbol,
      String words,
      String result,
      int times) {
    return new TrapRow(
        event.number(),
        event.moment().toString(),
        event.moment().instruction(),
        lane,
        name,
        event.pe(),
        el,
        pc,
        symbol,
        words,
        result,
        times,
        "");
  }

  /** All a filter may look for, in lower case. */
  public String searchable() {
    return (lane + ' ' + name + ' ' + time + ' ' + place() + ' ' + pc + ' ' + symbol + ' ' + words
            + ' ' + result)
        .toLowerCase(Locale.ROOT);
  }

  /**
   * The instruction that took an exception. SVC and HVC give the one behind them as the preferred
   * return address.
   *
   * <p>Source: Arm ARM, "Preferred exception return address".
   */
  public static long trapped(SimEvent.ExceptionTaken e) {
    boolean call = e.exceptionClass() == 0x15 || e.exceptionClass() == 0x16;
    return call && (e.vector() & 3) == 0 ? e.elr() - 4 : e.elr();
  }
}
