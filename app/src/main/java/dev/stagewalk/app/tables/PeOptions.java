package dev.stagewalk.app.tables;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.mmu.Features;
import dev.stagewalk.mmu.Features.HardwareUpdates;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which PE translates: a known one, changed feature by feature. */
final class PeOptions {
  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description =
          "a PE by its name, such as neoverse-n1; max has everything (default: what the register"
              + " file says, or max)")
  private @Nullable String profile;

  @Option(
      names = "--pa-bits",
      paramLabel = "N",
      description = "implemented physical address size: 32, 36, 40, 42, 44, 48 or 52 (PARange)")
  private @Nullable Integer paBits;

  @Option(
      names = "--granules",
      paramLabel = "LIST",
      split = ",",
      description = "granules of stage 2, such as 4K,64K")
  private List<String> granules = List.of();

  @Option(
      names = "--lpa2",
      negatable = true,
      description = "52-bit addresses with 4K and 16K (FEAT_LPA2), or not")
  private @Nullable Boolean lpa2;

  @Option(
      names = "--ttst",
      negatable = true,
      description = "small translation tables (FEAT_TTST), or not")
  private @Nullable Boolean ttst;

  @Option(
      names = "--xnx",
      negatable = true,
      description = "execute-never by Exception level (FEAT_XNX), or not")
  private @Nullable Boolean xnx;

  @Option(names = "--vmid16", negatable = true, description = "16-bit VMIDs (FEAT_VMID16), or not")
  private @Nullable Boolean vmid16;

  @Option(
      names = "--hafdbs",
      paramLabel = "none|af|dirty",
      description = "what the hardware updates by itself (FEAT_HAFDBS)")
  private @Nullable String hafdbs;

  /**
   * The features meant.
   *
   * @param otherwise those of the machine, if it told
   * @throws IllegalArgumentException in words
   */
  Features features(Features otherwise) {
    Features features = profile == null ? otherwise : Cores.of(profile);
    if (!granules.isEmpty()) {
      Set<Granule> chosen = EnumSet.noneOf(Granule.class);
      granules.forEach(name -> chosen.add(Granule.parse(name.strip())));
      features = features.withGranules(chosen);
    }
    if (paBits != null) {
      features = features.withPaBits(paBits);
    }
    if (lpa2 != null) {
      EnumSet<Granule> wide = EnumSet.noneOf(Granule.class);
      if (lpa2) {
        wide.addAll(features.granules());
        wide.remove(Granule.K64);
      }
      features = features.withLpa2(wide);
    }
    if (ttst != null) {
      features = features.withSmallTables(ttst);
    }
    if (xnx != null) {
      features = features.withXnx(xnx);
    }
    if (vmid16 != null) {
      features = features.withVmid16(vmid16);
    }
    if (hafdbs != null) {
      features = features.withHardwareUpdates(updates(hafdbs));
    }
    return features;
  }

  private static HardwareUpdates updates(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "none" -> HardwareUpdates.NONE;
      case "af" -> HardwareUpdates.ACCESS_FLAG;
      case "dirty" -> HardwareUpdates.ACCESS_FLAG_AND_DIRTY_STATE;
      default ->
          throw new IllegalArgumentException("--hafdbs is none, af or dirty, not '" + text + "'");
    };
  }
}
