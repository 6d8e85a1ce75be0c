package dev.stagewalk.app.tables;

import dev.stagewalk.arch.Context;
import dev.stagewalk.arch.DescriptorFormat;
import dev.stagewalk.arch.FieldValue;
import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Setting;
import dev.stagewalk.arch.Size;
import dev.stagewalk.mmu.Problem;
import dev.stagewalk.mmu.Stage1Range;
import dev.stagewalk.mmu.Stage2Attributes;
import dev.stagewalk.mmu.Stage2Format;
import dev.stagewalk.mmu.Stage2Parameters;
import java.util.ArrayList;
import java.util.List;

/** Phrases that these commands share. */
final class Texts {
  private Texts() {}

  static String count(long number, String one) {
    return count(number, one, one + "s");
  }

  static String count(long number, String one, String many) {
    return number + " " + (number == 1 ? one : many);
  }

  /** Granule, size of the input address, and root. */
  static String geometry(Stage2Parameters parameters) {
    return parameters.granule().text()
        + " granule, "
        + parameters.inputBits()
        + "-bit IPA, root of "
        + Size.words(parameters.rootBytes())
        + " at "
        + Hex.address(parameters.rootBase())
        + ", level "
        + parameters.startLevel();
  }

  /** A problem with its effect in front. */
  static String problem(Problem problem) {
    String effect =
        switch (problem.effect()) {
          case TRANSLATION_FAULT -> "wrong: every access is a Translation fault, level 0: ";
          case ADDRESS_SIZE_FAULT -> "wrong: every access is an Address size fault, level 0: ";
          case WALK_GOES_ON -> "wrong: ";
        };
    return effect + problem.text();
  }

  /**
   * A leaf in words: {@code rwx, Normal Write-Back, Inner Shareable}; AF only where it is clear.
   */
  static String attributes(long leaf, Stage2Parameters parameters) {
    Stage2Attributes attributes = Stage2Attributes.of(leaf, parameters);
    StringBuilder words = new StringBuilder(attributes.permissionText());
    words.append(", ").append(attributes.memoryType().words());
    if (!attributes.memoryType().isDevice()) {
      words.append(", ").append(attributes.shareability().words());
    }
    if (!attributes.accessFlag()) {
      words.append(", AF clear");
    }
    if (attributes.dirtyBitModifier()) {
      words.append(", DBM");
    }
    if (attributes.contiguous()) {
      words.append(", contiguous");
    }
    long software = leaf >>> 55 & 0xf;
    if (software != 0) {
      words.append(", software bits ").append(Long.toBinaryString(software | 0x10).substring(1));
    }
    if (isBeyond(leaf, parameters)) {
      words.append(", faults: beyond the output size");
    }
    return words.toString();
  }

  /** Whether a walk that meets a leaf ends in an Address size fault. */
  static boolean isBeyond(long leaf, Stage2Parameters parameters) {
    return parameters.format().tableAddress(leaf) >>> parameters.outputBits() != 0;
  }

  /** The fields of a stage-2 descriptor. */
  static List<FieldValue> fields(long descriptor, int level, Stage2Parameters parameters) {
    Context context =
        settings(parameters.format())
            .with(Setting.FWB, parameters.fwb() ? 1 : 0)
            .with(Setting.XNX, parameters.features().xnx() ? 1 : 0);
    return said(DescriptorFormat.stage2(parameters.granule(), level, context).decode(descriptor));
  }

  /** The fields of a stage-1 descriptor. */
  static List<FieldValue> fields(long descriptor, int level, Stage1Range range) {
    Granule granule = range.granule();
    return said(
        DescriptorFormat.stage1(granule, level, settings(range.format())).decode(descriptor));
  }

  private static Context settings(Stage2Format format) {
    return Context.PLAIN
        .with(Setting.DS, format.ds() ? 1 : 0)
        .with(Setting.LPA, format.wide64K() ? 1 : 0);
  }

  /** Without bits that have no name and hold nothing. */
  private static List<FieldValue> said(List<FieldValue> fields) {
    List<FieldValue> said = new ArrayList<>();
    for (FieldValue field : fields) {
      boolean nameless = field.name().startsWith("RES0") || field.name().startsWith("IGNORED");
      if (!nameless || field.raw() != 0) {
        said.add(field);
      }
    }
    return said;
  }
}
