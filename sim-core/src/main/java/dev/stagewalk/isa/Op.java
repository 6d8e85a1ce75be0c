package dev.stagewalk.isa;

/**
 * One decoded instruction. Every field is computed at decode, so that semantics never look at the
 * word again; a field that the row does not have is 0. Register number 31 is SP or the zero
 * register as the semantics say.
 *
 * <p>It is a record because HotSpot folds the fields of a constant record, which the fast engine
 * relies on.
 *
 * @param word the instruction word
 * @param row the row it matched; {@link InstructionTable#undefined} where none did
 * @param rd Rd, or Rt of a load or store
 * @param rn Rn, the base register of a load or store
 * @param rm Rm
 * @param ra Ra
 * @param rt2 Rt2
 * @param rs Rs, the status register of a store exclusive, the operand of an atomic
 * @param imm the immediate: sign-extended and scaled, a logical immediate expanded, a branch's
 *     offset in bytes, a system register's op0:op1:CRn:CRm:op2; of a bitfield move the mask wmask
 * @param imm2 a second immediate: tbz's bit number, NZCV of a conditional compare, op1:op2 of MSR
 *     (immediate), rmif's mask; of a bitfield move the mask tmask
 * @param is64 the operation, or the register loaded or stored, has 64 bits and not 32
 * @param shift how Rm is shifted: 0 LSL, 1 LSR, 2 ASR, 3 ROR
 * @param extend how Rm is extended: 0 to 3 UXTB UXTH UXTW UXTX, 4 to 7 SXTB SXTH SXTW SXTX
 * @param amount of the shift or rotation, in bits
 * @param cond the condition code, 0 EQ to 15 NV
 * @param size bytes of one memory access (of one register of a pair), else 0
 * @param signed what is loaded is sign-extended; an atomic compares as signed
 * @param acquire the access is marked Acquire
 * @param release the access is marked Release
 * @param syndrome a data abort of this access has a valid instruction syndrome (ESR ISS.ISV = 1)
 *     with SAS from size, SSE from signed, SRT from rd, SF from is64, AR from acquire or release
 */
public record Op(
    int word,
    Row row,
    int rd,
    int rn,
    int rm,
    int ra,
    int rt2,
    int rs,
    long imm,
    long imm2,
    boolean is64,
    int shift,
    int extend,
    int amount,
    int cond,
    int size,
    boolean signed,
    boolean acquire,
    boolean release,
    boolean syndrome) {

  /** Whether ISS.AR is 1 in a syndrome of this access. */
  public boolean ordered() {
    return acquire || release;
  }

  /** Whether no row claims the word, or its row is UNDEFINED by itself. */
  public boolean isUndefined() {
    return row.semantics().equals(InstructionTable.UNDEFINED);
  }
}
