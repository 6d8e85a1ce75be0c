package dev.stagewalk.cpu;

import static java.util.Map.entry;

import dev.stagewalk.isa.Op;
import java.util.Map;

/** The one table that binds the name of a row's semantics to the method that carries it out. */
final class Bindings {
  private static final Semantics UNDEFINED =
      (pe, op) -> {
        throw pe.undefined();
      };

  private static final Map<String, Semantics> BY_NAME =
      Map.ofEntries(
          entry("move_immediate", (pe, op) -> pe.setX(op.rd(), op.imm())),
          entry("movk", Basics::movk),
          entry("adr", (pe, op) -> pe.setX(op.rd(), pe.instructionAddress() + op.imm())),
          entry("add_immediate", (pe, op) -> Basics.setSp(pe, op, pe.xOrSp(op.rn()) + op.imm())),
          entry("sub_immediate", (pe, op) -> Basics.setSp(pe, op, pe.xOrSp(op.rn()) - op.imm())),
          entry("adds_immediate", (pe, op) -> Basics.adds(pe, op, pe.xOrSp(op.rn()), op.imm(), 0)),
          entry("subs_immediate", (pe, op) -> Basics.adds(pe, op, pe.xOrSp(op.rn()), ~op.imm(), 1)),
          entry("and_immediate", (pe, op) -> Basics.setSp(pe, op, pe.x(op.rn()) & op.imm())),
          entry("orr_immediate", (pe, op) -> Basics.setSp(pe, op, pe.x(op.rn()) | op.imm())),
          entry("eor_immediate", (pe, op) -> Basics.setSp(pe, op, pe.x(op.rn()) ^ op.imm())),
          entry(
              "and_shifted",
              (pe, op) -> Basics.set(pe, op, pe.x(op.rn()) & Basics.shifted(pe, op))),
          entry(
              "orr_shifted",
              (pe, op) -> Basics.set(pe, op, pe.x(op.rn()) | Basics.shifted(pe, op))),
          entry(
              "eor_shifted",
              (pe, op) -> Basics.set(pe, op, pe.x(op.rn()) ^ Basics.shifted(pe, op))),
          entry(
              "add_shifted",
              (pe, op) -> Basics.set(pe, op, pe.x(op.rn()) + Basics.shifted(pe, op))),
          entry(
              "sub_shifted",
              (pe, op) -> Basics.set(pe, op, pe.x(op.rn()) - Basics.shifted(pe, op))),
          entry(
              "adds_shifted",
              (pe, op) -> Basics.adds(pe, op, pe.x(op.rn()), Basics.shifted(pe, op), 0)),
          entry(
              "subs_shifted",
              (pe, op) -> Basics.adds(pe, op, pe.x(op.rn()), ~Basics.shifted(pe, op), 1)),
          entry(
              "csel",
              (pe, op) -> Basics.set(pe, op, Basics.holds(pe, op) ? pe.x(op.rn()) : pe.x(op.rm()))),
          entry(
              "csinc",
              (pe, op) ->
                  Basics.set(pe, op, Basics.holds(pe, op) ? pe.x(op.rn()) : pe.x(op.rm()) + 1)),
          entry("b", (pe, op) -> pe.branch(pe.instructionAddress() + op.imm())),
          entry("b_cond", Basics::branchIf),
          entry("cbz", Basics::branchIfZero),
          entry("cbnz", Basics::branchIfNotZero),
          entry("load_offset", (pe, op) -> Basics.load(pe, op, pe.xOrSp(op.rn()) + op.imm())),
          entry(
              "store_offset",
              (pe, op) -> pe.store(pe.xOrSp(op.rn()) + op.imm(), op.size(), pe.x(op.rd()))),
          entry("load_post", Basics::loadPost),
          entry(
              "load_literal", (pe, op) -> Basics.load(pe, op, pe.instructionAddress() + op.imm())),
          entry("hvc", Basics::hvc));

  private static final Bindings STANDARD = new Bindings();

  private Bindings() {}

  static Bindings standard() {
    return STANDARD;
  }

  /** What an instruction does. */
  Semantics of(Op op) {
    return BY_NAME.getOrDefault(op.row().semantics(), UNDEFINED);
  }
}
