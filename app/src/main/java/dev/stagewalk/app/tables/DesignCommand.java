package dev.stagewalk.app.tables;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.mmu.Design;
import dev.stagewalk.mmu.DesignReview;
import dev.stagewalk.mmu.Features;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code stagewalk design}. */
@Command(
    name = "design",
    mixinStandardHelpOptions = true,
    description = {
      "Lists every legal shape of stage-2 tables for an IPA size, and why the others are not,",
      "with one granule or with all;",
      "or says what is wrong with a VTCR_EL2, and what is next best.",
      "Exit code: 0 if something legal was found or asked for, 1 if not, 2 for wrong usage."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  stagewalk design --ipa-bits 40 --granule 4K --profile neoverse-n1",
      "  stagewalk design --ipa-bits 36",
      "  stagewalk design --ipa-bits 52 --granule 16K --map 4G",
      "  stagewalk design --ipa-bits 20 --granule 4K --pa-bits 40 --no-lpa2",
      "  stagewalk design --vtcr 0x80053590 --vttbr 0x1000040001000 --pa-bits 40"
    })
public final class DesignCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--ipa-bits", paramLabel = "N", description = "IPA size")
  private @Nullable Integer ipaBits;

  @Option(
      names = "--granule",
      paramLabel = "4K|16K|64K",
      description = "granule of stage 2 (default: all)")
  private @Nullable String granule;

  @Option(
      names = "--map",
      paramLabel = "SIZE",
      description = "count the tables for so much memory from IPA 0, such as 4G (default: 1G)")
  private @Nullable String map;

  @Option(names = "--vtcr", paramLabel = "VALUE", description = "a VTCR_EL2 to look at")
  private @Nullable String vtcr;

  @Option(names = "--vttbr", paramLabel = "VALUE", description = "the VTTBR_EL2 beside it")
  private @Nullable String vttbr;

  @Mixin private PeOptions pe = new PeOptions();

  @Option(names = "--json", description = "print one JSON object")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    CommandSpec command = Objects.requireNonNull(spec);
    PrintWriter out = command.commandLine().getOut();
    try {
      Features features = pe.features(Features.MAX);
      if (vtcr != null) {
        if (ipaBits != null || granule != null) {
          throw new IllegalArgumentException(
              "--vtcr says IPA size and granule itself: leave --ipa-bits and --granule away");
        }
        return review(out, features, vtcr);
      }
      if (vttbr != null) {
        throw new IllegalArgumentException("a VTTBR_EL2 means something only beside a --vtcr");
      }
      if (ipaBits == null) {
        throw new IllegalArgumentException(
            "give --ipa-bits for a design, or --vtcr to look at one");
      }
      return design(out, features, ipaBits);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private int design(PrintWriter out, Features features, int bits) throws IOException {
    List<Granule> granules =
        granule == null ? List.of(Granule.values()) : List.of(Granule.parse(granule));
    List<Design> designs = granules.stream().map(g -> Design.of(g, bits, features)).toList();
    boolean legal = designs.stream().anyMatch(design -> !design.choices().isEmpty());
    long mapped = map == null ? 1L << 30 : Sizes.parse(map);
    if (map != null && legal && mapped >>> bits != 0 && mapped != 1L << bits) {
      throw new IllegalArgumentException(
          "--map " + map + " is more than " + bits + "-bit IPAs reach");
    }
    long fits = bits < 63 ? Math.min(mapped, 1L << bits) : mapped;
    if (json) {
      DesignJson.write(out, designs, granule == null, fits);
    } else {
      for (Design design : designs) {
        DesignText.write(out, design, fits);
        if (design != designs.getLast()) {
          out.println();
        }
      }
    }
    return legal ? 0 : 1;
  }

  private int review(PrintWriter out, Features features, String value) throws IOException {
    DesignReview review =
        DesignReview.of(
            WorldOptions.number("--vtcr", value),
            vttbr == null ? 0 : WorldOptions.number("--vttbr", vttbr),
            features);
    if (json) {
      DesignJson.write(out, review, vttbr != null);
    } else {
      DesignText.write(out, review, vttbr != null);
    }
    return review.parameters().walkable() ? 0 : 1;
  }
}
