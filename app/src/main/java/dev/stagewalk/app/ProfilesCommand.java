package dev.stagewalk.app;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.board.Masking;
import dev.stagewalk.board.Profile;
import dev.stagewalk.board.Profiles;
import dev.stagewalk.mmu.Features;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code stagewalk profiles [NAME]}. */
@Command(
    name = "profiles",
    mixinStandardHelpOptions = true,
    description = {
      "Lists the CPUs that can be simulated; with a name, what that CPU says of itself and which",
      "features of the real one are left out because they are not simulated."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  stagewalk profiles", "  stagewalk profiles cortex-a57"})
final class ProfilesCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "a profile by its name")
  private @Nullable String name;

  @Override
  public Integer call() {
    CommandSpec command = Objects.requireNonNull(spec);
    PrintWriter out = command.commandLine().getOut();
    Profiles profiles = Profiles.standard();
    String chosen = name;
    if (chosen == null) {
      profiles.names().forEach(n -> out.printf("%-12s %s%n", n, profiles.remark(n)));
      out.flush();
      return 0;
    }
    Profile profile;
    try {
      profile = profiles.require(chosen);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          command.commandLine(), Objects.requireNonNullElse(e.getMessage(), ""), e);
    }
    Features features = profile.features();
    out.println(profile.name() + ": " + profiles.remark(chosen));
    out.println();
    out.printf("  physical addresses  %d bits%n", features.paBits());
    out.printf("  granules, stage 2   %s%n", sorted(features.granules()));
    out.printf("  granules, stage 1   %s%n", sorted(features.stage1().granules()));
    out.printf("  VMIDs               %d bits%n", features.vmid16() ? 16 : 8);
    out.println();
    Map<String, Long> reported = profiles.reported(chosen);
    out.printf("  %-18s %-18s %s%n", "register", "here", "on the CPU");
    new TreeMap<>(profile.identification())
        .forEach((register, value) -> {
          Long there = reported.get(register);
          String other = there == null || there.equals(value) ? "" : "0x%016x".formatted(there);
          out.printf("  %-18s 0x%016x %s%n", register, value, other);
        });
    out.println();
    out.println("Left out because it is not simulated:");
    for (Masking masking : profiles.maskingsOf(chosen)) {
      long there = reported.getOrDefault(masking.register(), 0L);
      out.printf(
          "  %-28s %2d for %-2d  %s%n",
          masking.register() + "." + masking.field(),
          masking.masked(there),
          masking.reported(there),
          masking.why());
    }
    out.flush();
    return 0;
  }

  private static String sorted(Set<Granule> granules) {
    return String.join(
        ", ", granules.stream().sorted().map(g -> g.name().substring(1) + "K").toList());
  }
}
