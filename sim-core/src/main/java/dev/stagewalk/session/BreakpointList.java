package dev.stagewalk.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Breakpoints by their numbers. */
final class BreakpointList {
  private final List<Breakpoint> all = new ArrayList<>();
  private int last;

  /** All, in order of their numbers. */
  List<Breakpoint> all() {
    return List.copyOf(all);
  }

  void add(BreakpointGrammar.Typed typed) {
    all.add(new Breakpoint(++last, typed));
  }

  /** One of a program that begins anew, which has stopped nothing yet. */
  void addAgain(Breakpoint old, BreakpointGrammar.Typed typed) {
    last = old.number();
    all.add(new Breakpoint(last, typed).enabled(old.enabled()));
  }

  /** Sets one on an instruction, or removes all that are there. */
  void at(long address, boolean on) {
    if (!on) {
      all.removeIf(b -> b.isAt(address));
    } else if (all.stream().noneMatch(b -> b.isAt(address))) {
      add(new BreakpointGrammar.Typed(new Stop.At(address, ""), Optional.empty()));
    }
  }

  /**
   * Removes one.
   *
   * @throws Refused if there is none of that number
   */
  void remove(int number) {
    all.remove(require(number));
  }

  /**
   * Lets one stop a run, or not.
   *
   * @throws Refused if there is none of that number
   */
  void enable(int number, boolean on) {
    change(number, b -> b.enabled(on));
  }

  /**
   * Puts another in the place of one.
   *
   * @throws Refused if there is none of that number
   */
  void change(int number, UnaryOperator<Breakpoint> change) {
    Breakpoint one = require(number);
    all.set(all.indexOf(one), change.apply(one));
  }

  /**
   * Which may stop a run.
   *
   * @param number of one; 0 for all
   * @throws Refused if none of them is enabled
   */
  List<Breakpoint> enabled(int number) {
    if (number != 0 && !require(number).enabled()) {
      throw new Refused("breakpoint " + number + " is disabled");
    }
    List<Breakpoint> found =
        all.stream()
            .filter(Breakpoint::enabled)
            .filter(b -> number == 0 || b.number() == number)
            .toList();
    if (found.isEmpty()) {
      throw new Refused("there is no breakpoint that stops a run: set one, or enable one");
    }
    return found;
  }

  private Breakpoint require(int number) {
    return all.stream()
        .filter(b -> b.number() == number)
        .findFirst()
        .orElseThrow(() -> new Refused("there is no breakpoint " + number));
  }
}
