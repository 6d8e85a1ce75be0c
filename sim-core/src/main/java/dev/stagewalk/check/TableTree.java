package dev.stagewalk.check;

import dev.stagewalk.arch.Regime;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mmu.BbmSupport;
import dev.stagewalk.mmu.DescriptorReader;
import dev.stagewalk.mmu.DesignReview;
import dev.stagewalk.mmu.EntryFormat;
import dev.stagewalk.mmu.ExternalAbort;
import dev.stagewalk.mmu.Problem;
import dev.stagewalk.mmu.Stage1Parameters;
import dev.stagewalk.mmu.Stage1Range;
import dev.stagewalk.mmu.Stage1Registers;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.Stage2Walk;
import dev.stagewalk.mmu.TableShape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The translation tables that one VTTBR_EL2 or TTBR names, to be judged.
 *
 * @param owner whose they are
 * @param shape where they begin and how they are laid out
 * @param formats what the descriptors of a level of lookup mean
 * @param reader memory, by the addresses the tables hold: IPAs for stage 1 under stage 2
 * @param physical physical address of what is at such an address; −1 where stage 2 has none
 * @param problems what is wrong with their controls
 * @param second the controls of stage 2; null for stage 1
 * @param controls the register that a problem is one of
 */
public record TableTree(
    Place.Owner owner,
    TableShape shape,
    IntFunction<EntryFormat> formats,
    DescriptorReader reader,
    LongUnaryOperator physical,
    List<Problem> problems,
    @Nullable Stage2Parameters second,
    Function<Problem, Place.Controls> controls) {

  public TableTree {
    problems = List.copyOf(problems);
  }

  /** The tables of stage 2. */
  public static TableTree of(
      Stage2Parameters parameters, BbmSupport bbm, DescriptorReader physical) {
    return new TableTree(
        Place.Owner.ofStage2(parameters.vmid()),
        TableShape.of(parameters),
        level -> EntryFormat.of(parameters, level, bbm),
        physical,
        LongUnaryOperator.identity(),
        parameters.problems(),
        parameters,
        problem ->
            DesignReview.isOfRoot(problem)
                ? new Place.Controls("VTTBR_EL2", parameters.vttbr(), -1)
                : new Place.Controls("VTCR_EL2", parameters.vtcr(), -1));
  }

  /**
   * The tables of stage 1, one tree for each TTBR that may be walked.
   *
   * @param below stage 2 under it; null where there is none
   */
  public static List<TableTree> of(
      Stage1Parameters parameters,
      @Nullable Stage2Parameters below,
      BbmSupport bbm,
      DescriptorReader physical) {
    int vmid = below == null ? -1 : below.vmid();
    LongUnaryOperator places =
        below == null ? LongUnaryOperator.identity() : ipa -> pa(below, physical, ipa);
    DescriptorReader reader = below == null ? physical : ipa -> read(physical, places, ipa);
    List<TableTree> trees = new ArrayList<>();
    Stage1Range upper = parameters.upper();
    List<Stage1Range> ranges =
        upper == null ? List.of(parameters.lower()) : List.of(parameters.lower(), upper);
    for (Stage1Range range : ranges) {
      if (!range.walksDisabled()) {
        List<Problem> problems = new ArrayList<>(range.problems());
        // What concerns both ranges is said once.
        parameters.problems().stream()
            .filter(p -> trees.isEmpty() && !range.problems().contains(p))
            .filter(p -> upper == null || !upper.problems().contains(p))
            .forEach(problems::add);
        trees.add(
            new TableTree(
                new Place.Owner(1, parameters.regime(), vmid),
                TableShape.of(range),
                level -> EntryFormat.of(parameters, range, level, bbm),
                reader,
                places,
                problems,
                null,
                problem -> controls(parameters.registers(), range, problem)));
      }
    }
    return trees;
  }

  /**
   * The trees that the registers of all PEs name, as far as they are in use.
   *
   * @param pes how many PEs there are
   * @param exited a PE that has just come from a guest to EL2: the guest's stage 1 counts; −1 if
   *     none
   */
  public static List<TableTree> named(Observed machine, int pes, int exited) {
    List<TableTree> trees = new ArrayList<>();
    for (int pe = 0; pe < pes; pe++) {
      Stage2Parameters second = machine.second(pe);
      if (second.enabled() && second.rootBase() != 0) {
        trees.add(of(second, machine.bbm(), machine.descriptors()));
      }
      Stage1Parameters first = machine.first(pe, Regime.EL1_0);
      if (first.enabled() && (machine.el(pe) < 2 || pe == exited)) {
        Stage2Parameters below = second.enabled() ? second : null;
        trees.addAll(of(first, below, machine.bbm(), machine.descriptors()));
      }
      Stage1Parameters own = machine.first(pe, machine.regimeOfEl2(pe));
      if (own.enabled()) {
        trees.addAll(of(own, null, machine.bbm(), machine.descriptors()));
      }
    }
    return trees;
  }

  private static Place.Controls controls(
      Stage1Registers registers, Stage1Range range, Problem problem) {
    String suffix = registers.regime() == Regime.EL1_0 ? "_EL1" : "_EL2";
    if (problem.kind() == Problem.Kind.BIG_ENDIAN_NOT_SIMULATED) {
      return new Place.Controls("SCTLR" + suffix, registers.sctlr(), -1);
    }
    if (!DesignReview.isOfRoot(problem)) {
      return new Place.Controls("TCR" + suffix, registers.tcr(), -1);
    }
    return range.upper()
        ? new Place.Controls("TTBR1" + suffix, registers.ttbr1(), -1)
        : new Place.Controls("TTBR0" + suffix, registers.ttbr0(), -1);
  }

  private static long pa(Stage2Parameters below, DescriptorReader physical, long ipa) {
    Translation walk = Stage2Walk.walk(below, ipa, Access.read(8), physical);
    return walk.outcome() instanceof Translation.Output output ? output.address() : -1;
  }

  private static long read(DescriptorReader physical, LongUnaryOperator places, long ipa) {
    long pa = places.applyAsLong(ipa);
    if (pa < 0) {
      throw ExternalAbort.ABORT;
    }
    return physical.read(pa);
  }

  int stage() {
    return owner.stage();
  }
}
