package dev.stagewalk.cpu;

import dev.stagewalk.isa.InstructionTable;
import dev.stagewalk.isa.Op;
import dev.stagewalk.isa.Row;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Which method carries out which row's semantics: the only place where names meet methods. */
final class Bindings {
  private final Semantics[] byRow;
  private final Reach[] reachByRow;

  private static final class Holder {
    static final Bindings STANDARD = new Bindings(InstructionTable.a64(), all());
  }

  /** The bindings of the A64 table. */
  static Bindings standard() {
    return Holder.STANDARD;
  }

  /**
   * Binds a table.
   *
   * @throws IllegalStateException naming each row without a method and each method without a row
   */
  Bindings(InstructionTable table, Map<String, Semantics> methods) {
    Set<String> unbound = new HashSet<>(table.semantics());
    unbound.removeAll(methods.keySet());
    Set<String> unused = new HashSet<>(methods.keySet());
    unused.removeAll(table.semantics());
    if (!unbound.isEmpty() || !unused.isEmpty()) {
      throw new IllegalStateException(
          "semantics without a method: " + unbound + "; methods that no row names: " + unused);
    }
    byRow = new Semantics[table.rows().size()];
    reachByRow = new Reach[byRow.length];
    for (Row row : table.rows()) {
      byRow[row.index()] =
          InstructionFeatures.guarded(row, Objects.requireNonNull(methods.get(row.semantics())));
      reachByRow[row.index()] = Reach.of(row.semantics());
    }
  }

  /** What the instruction does. */
  Semantics of(Op op) {
    return of(op.row());
  }

  /** What the instructions of a row do. */
  Semantics of(Row row) {
    return byRow[row.index()];
  }

  /** What the instruction can see and change at most. */
  Reach reachOf(Op op) {
    return reachByRow[op.row().index()];
  }

  /** Every name and its method. */
  static Map<String, Semantics> all() {
    Map<String, Semantics> all = new HashMap<>();
    addDataProcessing(all);
    addBitwork(all);
    addConditionalsAndBranches(all);
    addLoadsAndStores(all);
    addAtomics(all);
    addSystem(all);
    all.putAll(VectorBindings.all());
    return all;
  }

  private static void addDataProcessing(Map<String, Semantics> all) {
    all.put("add_immediate", DataProcessing::addImmediate);
    all.put("adds_immediate", DataProcessing::addsImmediate);
    all.put("sub_immediate", DataProcessing::subImmediate);
    all.put("subs_immediate", DataProcessing::subsImmediate);
    all.put("add_shifted", DataProcessing::addShifted);
    all.put("adds_shifted", DataProcessing::addsShifted);
    all.put("sub_shifted", DataProcessing::subShifted);
    all.put("subs_shifted", DataProcessing::subsShifted);
    all.put("add_extended", DataProcessing::addExtended);
    all.put("adds_extended", DataProcessing::addsExtended);
    all.put("sub_extended", DataProcessing::subExtended);
    all.put("subs_extended", DataProcessing::subsExtended);
    all.put("adc", DataProcessing::adc);
    all.put("adcs", DataProcessing::adcs);
    all.put("sbc", DataProcessing::sbc);
    all.put("sbcs", DataProcessing::sbcs);
    all.put("and_immediate", DataProcessing::andImmediate);
    all.put("orr_immediate", DataProcessing::orrImmediate);
    all.put("eor_immediate", DataProcessing::eorImmediate);
    all.put("ands_immediate", DataProcessing::andsImmediate);
    all.put("and_shifted", DataProcessing::andShifted);
    all.put("bic_shifted", DataProcessing::bicShifted);
    all.put("orr_shifted", DataProcessing::orrShifted);
    all.put("orn_shifted", DataProcessing::ornShifted);
    all.put("eor_shifted", DataProcessing::eorShifted);
    all.put("eon_shifted", DataProcessing::eonShifted);
    all.put("ands_shifted", DataProcessing::andsShifted);
    all.put("bics_shifted", DataProcessing::bicsShifted);
    all.put("move_immediate", DataProcessing::moveImmediate);
    all.put("movk", DataProcessing::movk);
    all.put("adr", DataProcessing::adr);
    all.put("adrp", DataProcessing::adrp);
  }

  private static void addBitwork(Map<String, Semantics> all) {
    all.put("sbfm", Bitwork::sbfm);
    all.put("bfm", Bitwork::bfm);
    all.put("ubfm", Bitwork::ubfm);
    all.put("extr", Bitwork::extr);
    all.put("lslv", Bitwork::lslv);
    all.put("lsrv", Bitwork::lsrv);
    all.put("asrv", Bitwork::asrv);
    all.put("rorv", Bitwork::rorv);
    all.put("rbit", Bitwork::rbit);
    all.put("rev16", Bitwork::rev16);
    all.put("rev32", Bitwork::rev32);
    all.put("rev64", Bitwork::rev64);
    all.put("clz", Bitwork::clz);
    all.put("cls", Bitwork::cls);
    all.put("madd", Bitwork::madd);
    all.put("msub", Bitwork::msub);
    all.put("smaddl", Bitwork::smaddl);
    all.put("smsubl", Bitwork::smsubl);
    all.put("umaddl", Bitwork::umaddl);
    all.put("umsubl", Bitwork::umsubl);
    all.put("smulh", Bitwork::smulh);
    all.put("umulh", Bitwork::umulh);
    all.put("udiv", Bitwork::udiv);
    all.put("sdiv", Bitwork::sdiv);
    all.put("crc32", Bitwork::crc32);
    all.put("crc32c", Bitwork::crc32c);
  }

  private static void addConditionalsAndBranches(Map<String, Semantics> all) {
    all.put("csel", Conditionals::csel);
    all.put("csinc", Conditionals::csinc);
    all.put("csinv", Conditionals::csinv);
    all.put("csneg", Conditionals::csneg);
    all.put("ccmp_register", Conditionals::ccmpRegister);
    all.put("ccmn_register", Conditionals::ccmnRegister);
    all.put("ccmp_immediate", Conditionals::ccmpImmediate);
    all.put("ccmn_immediate", Conditionals::ccmnImmediate);
    all.put("rmif", Conditionals::rmif);
    all.put("setf8", Conditionals::setf8);
    all.put("setf16", Conditionals::setf16);
    all.put("cfinv", Conditionals::cfinv);
    all.put("axflag", Conditionals::axflag);
    all.put("xaflag", Conditionals::xaflag);
    all.put("b", Branches::b);
    all.put("bl", Branches::bl);
    all.put("b_cond", Branches::bCond);
    all.put("cbz", Branches::cbz);
    all.put("cbnz", Branches::cbnz);
    all.put("tbz", Branches::tbz);
    all.put("tbnz", Branches::tbnz);
    all.put("br", Branches::br);
    all.put("blr", Branches::blr);
    all.put("ret", Branches::ret);
    all.put("eret", Branches::eret);
    all.put("svc", Branches::svc);
    all.put("hvc", Branches::hvc);
    all.put("smc", Branches::smc);
    all.put("brk", Branches::brk);
    all.put("undefined", Branches::undefined);
  }

  private static void addLoadsAndStores(Map<String, Semantics> all) {
    all.put("load_offset", LoadsAndStores::loadOffset);
    all.put("load_pre", LoadsAndStores::loadPre);
    all.put("load_post", LoadsAndStores::loadPost);
    all.put("load_register", LoadsAndStores::loadRegister);
    all.put("load_literal", LoadsAndStores::loadLiteral);
    all.put("load_unprivileged", LoadsAndStores::loadUnprivileged);
    all.put("load_pair_offset", LoadsAndStores::loadPairOffset);
    all.put("load_pair_pre", LoadsAndStores::loadPairPre);
    all.put("load_pair_post", LoadsAndStores::loadPairPost);
    all.put("store_offset", LoadsAndStores::storeOffset);
    all.put("store_pre", LoadsAndStores::storePre);
    all.put("store_post", LoadsAndStores::storePost);
    all.put("store_register", LoadsAndStores::storeRegister);
    all.put("store_unprivileged", LoadsAndStores::storeUnprivileged);
    all.put("store_pair_offset", LoadsAndStores::storePairOffset);
    all.put("store_pair_pre", LoadsAndStores::storePairPre);
    all.put("store_pair_post", LoadsAndStores::storePairPost);
  }

  private static void addAtomics(Map<String, Semantics> all) {
    all.put("load_acquire", Atomics::loadAcquire);
    all.put("store_release", Atomics::storeRelease);
    all.put("load_exclusive", Atomics::loadExclusive);
    all.put("load_exclusive_pair", Atomics::loadExclusivePair);
    all.put("store_exclusive", Atomics::storeExclusive);
    all.put("store_exclusive_pair", Atomics::storeExclusivePair);
    all.put("compare_and_swap", Atomics::compareAndSwap);
    all.put("compare_and_swap_pair", Atomics::compareAndSwapPair);
    all.put("atomic_swap", Atomics::swap);
    all.put("atomic_add", Atomics::add);
    all.put("atomic_clr", Atomics::clear);
    all.put("atomic_eor", Atomics::exclusiveOr);
    all.put("atomic_set", Atomics::set);
    all.put("atomic_smax", Atomics::signedMaximum);
    all.put("atomic_smin", Atomics::signedMinimum);
    all.put("atomic_umax", Atomics::unsignedMaximum);
    all.put("atomic_umin", Atomics::unsignedMinimum);
  }

  private static void addSystem(Map<String, Semantics> all) {
    all.put("nop", SystemInstructions::nop);
    all.put("hint", SystemInstructions::hint);
    all.put("wfi", SystemInstructions::wfi);
    all.put("wfe", SystemInstructions::wfe);
    all.put("wfit", SystemInstructions::wfit);
    all.put("wfet", SystemInstructions::wfet);
    all.put("sev", SystemInstructions::sev);
    all.put("sevl", SystemInstructions::sevl);
    all.put("clrex", SystemInstructions::clrex);
    all.put("barrier", SystemInstructions::barrier);
    all.put("mrs", SystemInstructions::mrs);
    all.put("msr", SystemInstructions::msr);
    all.put("msr_immediate", SystemInstructions::msrImmediate);
    all.put("sys", SystemInstructions::sys);
    all.put("sysl", SystemInstructions::sysl);
  }
}
