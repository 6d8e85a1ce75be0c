package dev.stagewalk.isa;

import java.util.OptionalLong;

/**
 * An address near the instruction.
 *
 * @param page whether it counts 4 KiB pages from the page of the instruction, as ADRP does
 */
record LabelOperand(Immediate offset, boolean page) implements Operand {

  @Override
  public void print(Row row, int word, Printer out) {
    out.address(base(out.pc()) + offset.decode(row, word));
  }

  @Override
  public boolean read(OperandReader in, Encoding encoding) {
    int start = in.mark();
    OptionalLong target = in.expression();
    if (target.isEmpty()) {
      return false;
    }
    if (!offset.encode(encoding, base(target.getAsLong()) - base(in.pc()))) {
      in.reset(start);
      in.expected("a target whose distance in bytes is " + offset.range(encoding));
      return false;
    }
    return true;
  }

  @Override
  public int mask() {
    return offset.mask();
  }

  private long base(long address) {
    return page ? address & ~0xfffL : address;
  }
}
