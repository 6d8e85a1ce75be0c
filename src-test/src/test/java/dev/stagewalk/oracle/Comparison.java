package dev.stagewalk.oracle;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.MemoryAttributes;
import dev.stagewalk.event.MemoryType;
import dev.stagewalk.event.Permissions;
import dev.stagewalk.event.StageOutput;
import dev.stagewalk.event.Stages;
import dev.stagewalk.event.Translation;
import dev.stagewalk.event.Translation.DescriptorUpdate;
import dev.stagewalk.event.Translation.Output;
import dev.stagewalk.mmu.ParEl1;
import dev.stagewalk.oracle.AddressTranslation.Result;
import dev.stagewalk.oracle.WalkMemory.Step;
import dev.stagewalk.oracle.WalkMemory.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Lists where a translation of the engine differs from what the rules say. */
final class Comparison {
  private final List<String> differences = new ArrayList<>();
  private final Translation engine;
  private final Result rules;
  private final AddressTranslation oracle;
  private final AccessDescriptor access;

  private Comparison(
      Translation engine, Result rules, AddressTranslation oracle, AccessDescriptor access) {
    this.engine = engine;
    this.rules = rules;
    this.oracle = oracle;
    this.access = access;
  }

  /** Differences, one a line; empty if there are none. */
  static List<String> of(
      Translation engine,
      Result rules,
      AddressTranslation oracle,
      AccessDescriptor access,
      WalkMemory memory) {
    Comparison comparison = new Comparison(engine, rules, oracle, access);
    comparison.outcome();
    comparison.steps(memory.steps());
    comparison.updates(memory.updated());
    return comparison.differences;
  }

  private void same(String what, @Nullable Object engineSays, @Nullable Object rulesSay) {
    if (!Objects.equals(engineSays, rulesSay)) {
      differences.add(what + ": engine " + engineSays + ", rules " + rulesSay);
    }
  }

  private void sameHex(String what, long engineSays, long rulesSay) {
    if (engineSays != rulesSay) {
      differences.add(
          what
              + ": engine 0x"
              + Long.toHexString(engineSays)
              + ", rules 0x"
              + Long.toHexString(rulesSay));
    }
  }

  private void outcome() {
    switch (engine.outcome()) {
      case Translation.Fault fault -> fault(fault);
      case Output output -> {
        if (rules.fault() != null) {
          differences.add("outcome: engine " + output + ", rules " + rules.fault());
        } else {
          output(output);
        }
      }
    }
    if (access.type() == AccessDescriptor.Type.AT && differences.isEmpty()) {
      sameHex("PAR_EL1", ParEl1.of(engine), AddressTranslation.par(rules));
    }
  }

  private void fault(Translation.Fault says) {
    Abort.Fault rule = rules.fault();
    if (rule == null) {
      differences.add("outcome: engine " + says + ", rules output " + rules);
      return;
    }
    same("fault", says.kind(), FaultKind.valueOf(rule.status().name()));
    if (says.kind().hasLevel()) {
      same("level", says.level(), rule.level());
    }
    same("stage", says.stage(), rule.secondStage() ? 2 : 1);
    same("S1PTW", says.onStage1Walk(), rule.s2fs1walk());
    sameHex("refused IPA", says.ipa(), rule.ipa());
    same("WnR", says.asWrite(), rule.write());
    same("fault status", says.kind().statusCode(says.level()), AddressTranslation.status(rule));
  }

  private void output(Output output) {
    Stages stages = Objects.requireNonNull(engine.stages());
    Stage1Rules.Leaf one = Objects.requireNonNull(rules.stage1());
    Stage2Rules.Leaf two = rules.stage2();
    sameHex("output address", output.address(), rules.address());
    StageOutput first = Objects.requireNonNull(stages.stage1());
    sameHex("output of stage 1", first.address(), one.address());
    same("stage 1 walked", first.walked(), one.walked());
    attributes("attributes of stage 1", first.attributes(), one.attrs());
    if (one.walked()) {
      same("level of stage 1", first.level(), one.level());
      same("leaf shift", first.shift(), oracle.first().tgx.translationSize(one.level()));
      sameHex("leaf of stage 1", first.leaf(), one.descriptor());
      same("global", stages.global(), one.global());
      same("permissions of stage 1", first.permissions().bits(), permissions1(one).bits());
    }
    StageOutput second = stages.stage2();
    same("stage 2 asked", second != null, two != null);
    if (second != null && two != null) {
      Stage2Params params = Objects.requireNonNull(oracle.second());
      sameHex("output of stage 2", second.address(), two.address());
      same("level of stage 2", second.level(), two.level());
      same("leaf shift of stage 2", second.shift(), params.tgx.translationSize(two.level()));
      sameHex("leaf of stage 2", second.leaf(), two.descriptor());
      attributes("attributes", second.attributes(), two.attrs());
      same("permissions of stage 2", second.permissions().bits(), permissions2(two).bits());
    }
    same("memory type", output.memoryType(), type(rules.attrs()));
    Permissions both = one.walked() ? permissions1(one) : Permissions.ALL;
    if (two != null) {
      both = both.and(permissions2(two));
    }
    boolean pan = access.pan() && both.panApplies();
    same("readable", output.readable(), both.readable(!access.el0()) && !pan);
    same("writable", output.writable(), both.writable(!access.el0()) && !pan);
    same("executable at EL1", output.executableAtEl1(), both.executable(true));
    same("executable at EL0", output.executableAtEl0(), both.executable(false));
    if (two != null) {
      same("level", output.level(), two.level());
      sameHex("leaf", output.leaf(), two.descriptor());
    } else if (one.walked()) {
      same("level", output.level(), one.level());
      sameHex("leaf", output.leaf(), one.descriptor());
    }
  }

  private Permissions permissions1(Stage1Rules.Leaf one) {
    Stage1Params params = oracle.first();
    Stage1Rights.Access el1 = one.rights().of(params, false, false);
    Stage1Rights.Access panned = one.rights().of(params, false, true);
    // The engine reports writes as allowed only once the hardware has made the leaf writable.
    boolean clean = (one.descriptor() & 1 << 7) != 0;
    int bits = bits(el1.r(), el1.w() && !clean, el1.x());
    if (params.regime.hasUnprivileged()) {
      Stage1Rights.Access el0 = one.rights().of(params, true, false);
      bits |= bits(el0.r(), el0.w() && !clean, el0.x()) << 3;
    }
    boolean guarded = el1.r() && !panned.r();
    return new Permissions(bits | (guarded ? Permissions.PAN_APPLIES : 0));
  }

  private Permissions permissions2(Stage2Rules.Leaf two) {
    Stage2Rules.Rights rights =
        new Stage2Rules(
                Objects.requireNonNull(oracle.second()), new WalkMemory(_ -> OptionalLong.empty()))
            .rights(two.descriptor());
    boolean w = rights.w() && (two.descriptor() & 1 << 7) != 0;
    return new Permissions(
        bits(rights.r(), w, rights.px()) | bits(rights.r(), w, rights.ux()) << 3);
  }

  private static int bits(boolean r, boolean w, boolean x) {
    return (r ? 1 : 0) | (w ? 2 : 0) | (x ? 4 : 0);
  }

  private void attributes(String what, MemoryAttributes says, MemAttrs rule) {
    if (says.attr() != rule.encode()) {
      sameHex(what, says.attr(), rule.encode());
    }
    same("shareability in " + what, says.shareability(), rule.shareability());
  }

  static MemoryType type(MemAttrs attrs) {
    if (attrs.device()) {
      return MemoryType.values()[attrs.deviceType()];
    }
    if (attrs.outer().attrs() != attrs.inner().attrs()) {
      return MemoryType.NORMAL_MIXED;
    }
    return switch (attrs.outer().attrs()) {
      case NC -> MemoryType.NORMAL_NC;
      case WT -> MemoryType.NORMAL_WT;
      case WB -> MemoryType.NORMAL_WB;
    };
  }

  private void steps(List<Step> steps) {
    List<Step> made = new ArrayList<>();
    for (Lookup lookup : engine.lookups()) {
      lookup.nested().forEach(nested -> made.add(step(nested)));
      made.add(step(lookup));
    }
    if (!made.equals(steps)) {
      differences.add("lookups: engine " + made + "\n         rules " + steps);
    }
    long reads = steps.stream().filter(step -> step.verdict() != Verdict.UNREACHED).count();
    same("reads", (long) engine.reads(), reads);
  }

  private static Step step(Lookup lookup) {
    Verdict verdict = Verdict.valueOf(lookup.verdict().name());
    boolean unreached = verdict == Verdict.UNREACHED;
    return new Step(
        lookup.stage(),
        lookup.level(),
        lookup.table(),
        lookup.index(),
        lookup.indexHigh(),
        lookup.indexLow(),
        unreached ? 0 : lookup.descriptorAddress(),
        lookup.descriptor(),
        verdict);
  }

  private void updates(Map<Long, Long> updated) {
    Map<Long, Long> after = new HashMap<>();
    for (DescriptorUpdate update : engine.updates()) {
      Long before = after.put(update.pa(), update.value());
      if (before != null) {
        sameHex("old value of an update", update.old(), before);
      }
    }
    same("updates", after, updated);
  }
}
