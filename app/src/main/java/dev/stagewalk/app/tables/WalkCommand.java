package dev.stagewalk.app.tables;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mmu.Features;
import dev.stagewalk.mmu.Stage1Parameters;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.Stage2Walk;
import dev.stagewalk.mmu.TwoStage;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code stagewalk walk}. */
@Command(
    name = "walk",
    mixinStandardHelpOptions = true,
    description = {
      "Translates one address by the tables in a dump or a sample, and prints every lookup.",
      "Exit code: 0 if it translates, 1 if it faults, 2 for wrong usage, 3 if it cannot be told",
      "because the dump has not all that the walk reads."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  stagewalk walk --sample demand-paging",
      "  stagewalk walk --dump vm.elf --regs vm.regs.json --ipa 0x4020_3018 --write",
      "  stagewalk walk --dump memory.bin@0x40000000 --vtcr 0x80243558 --vttbr 0x4000043582000"
          + " --ipa 0x4020_0000",
      "  stagewalk walk --dump vm.elf --regs vm.regs.json --va 0xffff_8000_0909_a860 --fetch"
    })
public final class WalkCommand implements Callable<Integer> {
  /** No PE has wider ones. */
  private static final int IPA_BITS = Features.MAX.paBits();

  /** Exit code where the dump has too little. */
  private static final int CANNOT_BE_TOLD = 3;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--ipa",
      paramLabel = "ADDRESS",
      description = "translate this IPA by stage 2 (default: what the sample faulted on, if any)")
  private @Nullable String ipa;

  @Option(names = "--va", paramLabel = "ADDRESS", description = "translate this VA by both stages")
  private @Nullable String va;

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = "a memory dump, FILE or FILE@BASE as for --dump")
  private @Nullable String dump;

  @Mixin private AccessOptions access = new AccessOptions();

  @Mixin private WorldOptions options = new WorldOptions();

  @Mixin private Stage1Options stage1 = new Stage1Options();

  @Option(names = "--json", description = "print one JSON object")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    CommandSpec command = Objects.requireNonNull(spec);
    PrintWriter out = command.commandLine().getOut();
    try (World world = options.open(stage1.registers(), dump == null ? List.of() : List.of(dump))) {
      Walk walk = walk(world);
      if (json) {
        WalkJson.write(out, walk);
      } else {
        WalkText.write(out, walk);
      }
      if (walk.missing().isPresent()) {
        return CANNOT_BE_TOLD;
      }
      return walk.translation().outcome() instanceof Translation.Output ? 0 : 1;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private Walk walk(World world) {
    if (ipa != null && va != null) {
      throw new IllegalArgumentException(
          "--ipa is translated by stage 2 and --va by both stages: give one of them");
    }
    if (va != null) {
      return ofVa(world, WorldOptions.number("--va", va), none());
    }
    if (ipa == null && world.fault().filter(World.Faulted::bothStages).isPresent()) {
      World.Faulted fault = world.fault().get();
      return ofVa(world, fault.va(), Optional.of(fault.access()));
    }
    if (ipa == null && stage1.isGiven()) {
      throw new IllegalArgumentException("registers of stage 1 translate a VA: give --va ADDRESS");
    }
    Stage2Parameters second = world.stage2();
    if (!second.enabled()) {
      throw new IllegalArgumentException(
          "stage 2 is off: HCR_EL2.VM and DC are 0, or E2H and TGE make EL0 the host's; leave --hcr"
              + " away to assume VM = 1");
    }
    long address =
        ipa != null
            ? ipa(ipa)
            : world
                .fault()
                .map(World.Faulted::ipa)
                .orElseThrow(() ->
                    new IllegalArgumentException(
                        "which address? give --ipa ADDRESS or --va ADDRESS"));
    Access wanted =
        access.of(address, ipa == null ? world.fault().map(World.Faulted::access) : none());
    return new Walk(world, null, second, Stage2Walk.walk(second, address, wanted, world.reader()));
  }

  private static long ipa(String text) {
    long address = WorldOptions.number("--ipa", text);
    if (address >>> IPA_BITS != 0) {
      throw new IllegalArgumentException(
          "--ipa "
              + Hex.address(address)
              + " is no IPA: an IPA has at most "
              + IPA_BITS
              + " bits, so it ends at "
              + Hex.address((1L << IPA_BITS) - 1)
              + "; a VA is translated with --va");
    }
    return address;
  }

  private static Optional<Access> none() {
    return Optional.empty();
  }

  private Walk ofVa(World world, long address, Optional<Access> otherwise) {
    Stage1Parameters first = Stage1Parameters.decode(stage1.of(world), world.features());
    boolean ofGuest = first.regime() == Regime.EL1_0;
    Stage2Parameters second =
        ofGuest
                && Stage2Parameters.decode(0, 0, world.orZero("HCR_EL2"), world.features())
                    .enabled()
            ? world.stage2()
            : Stage2Parameters.decode(
                world.orZero("VTCR_EL2"), world.orZero("VTTBR_EL2"), 0, world.features());
    Translation translation =
        TwoStage.translate(first, second, address, access.of(address, otherwise), world.reader());
    return new Walk(world, first, second, translation);
  }
}
