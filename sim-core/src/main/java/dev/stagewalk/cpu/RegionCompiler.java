package dev.stagewalk.cpu;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.stagewalk.cpu.DecodedPage.Decoded;
import dev.stagewalk.isa.Op;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DynamicConstantDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes a hidden class of a region: a list of calls of the very methods that the interpreter calls,
 * each with its decoded instruction as a constant, so that HotSpot folds the fields of the
 * instruction into the code. Only the flow of control is written here.
 */
final class RegionCompiler {
  private static final ClassDesc PE = Pe.class.describeConstable().orElseThrow();
  private static final ClassDesc OP = Op.class.describeConstable().orElseThrow();
  private static final ClassDesc SEMANTICS = Semantics.class.describeConstable().orElseThrow();
  private static final ClassDesc CONDITION =
      BranchCondition.class.describeConstable().orElseThrow();
  private static final ClassDesc REGION = Region.class.describeConstable().orElseThrow();
  private static final ClassDesc NAME = ClassDesc.of("dev.stagewalk.cpu.CompiledRegion");

  private static final MethodTypeDesc RUN = MethodTypeDesc.of(CD_void, PE, CD_long, CD_long);
  private static final MethodTypeDesc EXECUTE = MethodTypeDesc.of(CD_void, PE, OP);
  private static final MethodTypeDesc HOLDS = MethodTypeDesc.of(CD_boolean, PE, OP);
  private static final MethodTypeDesc PLACE = MethodTypeDesc.of(CD_void, CD_long, CD_long);

  private static final int PE_LOCAL = 1;
  private static final int BASE = 2;
  private static final int UNTIL = 4;
  private static final int EXECUTED = 6;

  private final DecodedPage page;
  private final BitSet members;
  private final BitSet leaders;
  private final List<Object> constants = new ArrayList<>();
  private final Map<Integer, Label> labels = new HashMap<>();

  private RegionCompiler(DecodedPage page, int entry) {
    RegionPlan plan = new RegionPlan(page, entry);
    this.page = page;
    this.members = plan.members();
    this.leaders = plan.leaders();
  }

  /**
   * A region of a page.
   *
   * @param places where it can be entered
   */
  record Compiled(Region region, BitSet places) {}

  /** The region that can be entered in a place of a page, and in others. */
  static Compiled compile(DecodedPage page, int entry) {
    RegionCompiler compiler = new RegionCompiler(page, entry);
    return new Compiled(compiler.region(), compiler.leaders);
  }

  /** Instructions from a leader to the next, all executed if no branch between is taken. */
  private int run(int leader) {
    int end = leader + 1;
    while (members.get(end) && !leaders.get(end) && RegionPlan.goesOn(page.at(end - 1))) {
      end++;
    }
    return end - leader;
  }

  private Region region() {
    byte[] bytes =
        ClassFile.of()
            .build(
                NAME,
                type ->
                    type.withFlags(ClassFile.ACC_FINAL)
                        .withInterfaceSymbols(REGION)
                        .withMethodBody(
                            ConstantDescs.INIT_NAME,
                            ConstantDescs.MTD_void,
                            0,
                            code ->
                                code.aload(0)
                                    .invokespecial(
                                        CD_Object, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void)
                                    .return_())
                        .withMethodBody("run", RUN, ClassFile.ACC_PUBLIC, this::body));
    try {
      MethodHandles.Lookup lookup =
          MethodHandles.lookup().defineHiddenClassWithClassData(bytes, constants, true);
      return (Region)
          lookup.findConstructor(lookup.lookupClass(), MethodType.methodType(void.class)).invoke();
    } catch (Throwable e) {
      throw new IllegalStateException("a region could not be made", e);
    }
  }

  private void body(CodeBuilder code) {
    leaders.stream().forEach(leader -> labels.put(leader, code.newLabel()));
    code.aload(PE_LOCAL).invokevirtual(PE, "instructions", MethodTypeDesc.of(CD_long));
    code.lstore(EXECUTED);
    Label elsewhere = code.newLabel();
    List<SwitchCase> entries =
        leaders.stream().mapToObj(slot -> SwitchCase.of(4 * slot, label(slot))).toList();
    code.aload(PE_LOCAL).invokevirtual(PE, "pc", MethodTypeDesc.of(CD_long));
    code.lload(BASE).lsub().l2i().lookupswitch(elsewhere, entries);
    code.labelBinding(elsewhere).return_();
    leaders.stream().forEach(leader -> emitRun(code, leader));
  }

  private Label label(int slot) {
    Label label = labels.get(slot);
    if (label == null) {
      throw new IllegalStateException("no label at " + slot);
    }
    return label;
  }

  private void emitRun(CodeBuilder code, int leader) {
    int length = run(leader);
    code.labelBinding(label(leader));
    Label enough = code.newLabel();
    code.lload(EXECUTED).loadConstant((long) length).ladd().lload(UNTIL).lcmp().ifle(enough);
    emitExit(code, leader, 0);
    code.labelBinding(enough);
    for (int k = 0; k < length; k++) {
      emit(code, leader + k, k);
    }
    int next = leader + length;
    if (RegionPlan.goesOn(page.at(next - 1))) {
      emitGoTo(code, next, length);
    }
  }

  private void emit(CodeBuilder code, int slot, int k) {
    Decoded decoded = page.at(slot);
    Op op = decoded.op();
    switch (decoded.reach()) {
      case REGISTERS -> emitCall(code, decoded);
      case NEAR -> {
        if (BranchCondition.isConditional(op)) {
          Label notTaken = code.newLabel();
          emitConstant(code, CONDITION, BranchCondition.of(op));
          code.aload(PE_LOCAL);
          emitConstant(code, OP, op);
          code.invokeinterface(CONDITION, "holds", HOLDS).ifeq(notTaken);
          emitGoTo(code, slot + op.imm() / 4, k + 1);
          code.labelBinding(notTaken);
        } else {
          emitPlace(code, slot, k);
          emitCall(code, decoded);
          if (BranchCondition.isAlwaysTaken(op)) {
            emitGoTo(code, slot + op.imm() / 4, k + 1);
          }
        }
      }
      case ANYTHING -> {
        emitPlace(code, slot, k);
        emitCall(code, decoded);
        Label on = code.newLabel();
        code.aload(PE_LOCAL);
        emitAddress(code, slot + 1);
        emitCount(code, k + 1);
        code.invokevirtual(PE, "finishes", MethodTypeDesc.of(CD_boolean, CD_long, CD_long));
        code.ifeq(on).return_().labelBinding(on);
        if (!RegionPlan.goesOn(decoded)) {
          code.return_();
        }
      }
    }
  }

  /** On to a place with so many of the run executed: within the region, or out of it. */
  private void emitGoTo(CodeBuilder code, long slot, int executed) {
    if (slot >= 0 && slot < DecodedPage.SLOTS && leaders.get((int) slot)) {
      emitCount(code, executed);
      code.lstore(EXECUTED).goto_(label((int) slot));
    } else {
      emitExit(code, slot, executed);
    }
  }

  private static void emitExit(CodeBuilder code, long slot, int executed) {
    code.aload(PE_LOCAL);
    emitAddress(code, slot);
    emitCount(code, executed);
    code.invokevirtual(PE, "goesOnAt", PLACE).return_();
  }

  private static void emitPlace(CodeBuilder code, int slot, int executed) {
    code.aload(PE_LOCAL);
    emitAddress(code, slot);
    emitCount(code, executed);
    code.invokevirtual(PE, "begins", PLACE);
  }

  private static void emitAddress(CodeBuilder code, long slot) {
    code.lload(BASE).loadConstant(4 * slot).ladd();
  }

  private static void emitCount(CodeBuilder code, int executed) {
    code.lload(EXECUTED).loadConstant((long) executed).ladd();
  }

  private void emitCall(CodeBuilder code, Decoded decoded) {
    emitConstant(code, SEMANTICS, decoded.semantics());
    code.aload(PE_LOCAL);
    emitConstant(code, OP, decoded.op());
    code.invokeinterface(SEMANTICS, "execute", EXECUTE);
  }

  private void emitConstant(CodeBuilder code, ClassDesc type, Object value) {
    int index = constants.size();
    constants.add(value);
    code.loadConstant(
        DynamicConstantDesc.ofNamed(
            ConstantDescs.BSM_CLASS_DATA_AT, ConstantDescs.DEFAULT_NAME, type, index));
  }
}
