package dev.stagewalk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.check.MissingStep;
import dev.stagewalk.check.Referee;
import dev.stagewalk.check.Ruling;
import dev.stagewalk.check.Ruling.Act;
import dev.stagewalk.hyp.Defect;
import dev.stagewalk.hyp.Defects;
import dev.stagewalk.hyp.HostFault;
import dev.stagewalk.hyp.Stage2Mmu;
import dev.stagewalk.mmu.ChangeReason;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The referee over recorded sequences of the library: what it says of each step agrees with the
 * flags of the recording, and of the corrected library it has nothing to say.
 */
final class RefereeOverTheLibraryTest {
  private static final long OBJECTS = 0x1000_0000L;

  /** One step of a sequence and what was said of it. */
  private record Judged(
      String where, Set<String> flags, List<Ruling> rulings, List<Referee.Outstanding> left) {

    boolean violates(Act act) {
      return rulings.stream().anyMatch(r -> r.isViolation() && r.act() == act);
    }

    boolean violates(ChangeReason reason) {
      return rulings.stream()
          .anyMatch(r ->
              r.isViolation() && r.act() == Act.STORE && r.change().reasons().contains(reason));
    }
  }

  private static List<Judged> replay(JsonNode line, Defects defects) {
    JudgedWorld world =
        new JudgedWorld(
            line.required("pageSize").intValue(), Hex.parse(line.required("paBase").asText()));
    List<Judged> found = new ArrayList<>();
    int number = 0;
    for (JsonNode step : line.required("steps")) {
      boolean died = false;
      try {
        perform(world, defects, line.required("vaBits").intValue(), step);
      } catch (HostFault _) {
        died = true;
      }
      Set<String> flags = new HashSet<>();
      step.path("flag").forEach(flag -> flags.add(flag.asText()));
      String where =
          line.required("id").asText() + " step " + number++ + " " + step.required("op").asText();
      found.add(new Judged(where, flags, world.takeRulings(), world.outstanding()));
      if (died) {
        break;
      }
      world.guestRuns();
      List<Ruling> onEntry = world.takeRulings();
      if (!onEntry.isEmpty()) {
        found.add(new Judged(where + ", guest", Set.of(), onEntry, List.of()));
      }
    }
    return found;
  }

  private static void perform(JudgedWorld world, Defects defects, int vaBits, JsonNode step) {
    Stage2Mmu mmu = new Stage2Mmu(world, defects, OBJECTS + step.path("m").intValue() * 0x1000L);
    switch (step.required("op").asText()) {
      case "init" ->
          mmu.init(
              step.required("vmid").intValue(),
              Granule.parse(step.required("granule").asText()),
              vaBits,
              step.required("block").intValue() != 0);
      case "enable" -> mmu.enable();
      case "disable" -> mmu.disable();
      case "destroy" -> mmu.destroy();
      case "map" ->
          mmu.map(
              number(step, "ipa"), number(step, "pa"), number(step, "size"), number(step, "flags"));
      case "unmap" -> mmu.unmap(number(step, "ipa"), number(step, "size"));
      case "failafter" -> world.failAfter(number(step, "n"));
      default -> {
        // Fault information is of no concern here.
      }
    }
  }

  private static long number(JsonNode node, String key) {
    return Hex.parse(node.required(key).asText());
  }

  private static List<JsonNode> sequences(int every) throws IOException {
    List<JsonNode> found = new ArrayList<>();
    ObjectMapper mapper = new ObjectMapper();
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(
                    Objects.requireNonNull(
                        RefereeOverTheLibraryTest.class.getResourceAsStream(
                            "/vectors/s2mmu-public.jsonl.gz"))),
                StandardCharsets.UTF_8))) {
      int number = 0;
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (number++ % every == 0 && line.contains("\"steps\"")) {
          found.add(mapper.readTree(line));
        }
      }
    }
    return found;
  }

  private static Defects postedBut(Defect... mended) {
    EnumSet<Defect> on = EnumSet.allOf(Defect.class);
    on.removeAll(List.of(mended));
    return Defects.of(on.toArray(Defect[]::new));
  }

  /** The posted library, with the barriers that it always lacks: those would hide the rest. */
  private static final Defects POSTED_WITH_BARRIERS =
      postedBut(Defect.NO_DSB_BEFORE_TLBI, Defect.NO_ISB_BEFORE_TLBI);

  @Test
  void whatTheRefereeSaysOfThePostedLibraryAgreesWithTheFlags() throws IOException {
    compare(9);
  }

  @Test
  @Tag("long")
  void whatTheRefereeSaysOfThePostedLibraryAgreesWithTheFlagsOfEverySequence() throws IOException {
    compare(1);
  }

  private static void compare(int every) throws IOException {
    int overTables = 0;
    int remaps = 0;
    int frees = 0;
    int otherVmids = 0;
    for (JsonNode line : sequences(every)) {
      // There, what is freed is a table at address 0 that was never allocated.
      boolean outOfMemory = line.required("kind").asText().equals("oom");
      boolean otherVmidBefore = false;
      boolean wasOn = false;
      for (Judged step : replay(line, POSTED_WITH_BARRIERS)) {
        otherVmidBefore |= step.flags().contains("tlbi-other-vmid");
        for (Ruling ruling : step.rulings()) {
          if (ruling.isViolation()) {
            agrees(step, ruling, otherVmidBefore);
          }
        }
        overTables += step.violates(ChangeReason.LARGER) ? 1 : 0;
        remaps += step.violates(Act.STORE) ? 1 : 0;
        frees += step.violates(Act.FREE) && step.where().contains("unmap") ? 1 : 0;
        otherVmids +=
            step.left().stream().anyMatch(o -> o.missing() == MissingStep.OTHER_VMID) ? 1 : 0;
        if (wasOn && !outOfMemory && !BLIND.stream().anyMatch(step.flags()::contains)) {
          isSaid(step);
        }
        wasOn |= step.where().endsWith("enable");
        wasOn &= !step.where().endsWith("disable") && !step.flags().contains("tlbi-other-vmid");
      }
    }
    assertThat(overTables * every).isGreaterThan(10);
    assertThat(remaps * every).isGreaterThan(500);
    assertThat(frees * every).isGreaterThan(450);
    assertThat(otherVmids * every).isGreaterThan(40);
  }

  /** Flags of steps on tables that the walker does not reach, or that another VMID names. */
  private static final List<String> BLIND =
      List.of(
          "tlbi-other-vmid",
          "ipa-out-of-range",
          "ipa-alias",
          "range-wrap",
          "concat-root-needed",
          "start-level-needs-wider-pa",
          "pa-over-48",
          "pa-over-ps");

  /** A violation stands where the recording has a flag for it. */
  private static void agrees(Judged step, Ruling ruling, boolean otherVmidBefore) {
    String words = step.where() + " " + step.flags() + ": " + ruling.words();
    MissingStep missing = ruling.missing();
    switch (ruling.act()) {
      case STORE -> {
        if (missing == MissingStep.OTHER_VMID) {
          assertThat(otherVmidBefore).as(words).isTrue();
        } else {
          assertThat(missing).as(words).isEqualTo(MissingStep.BREAK);
          boolean overTable = ruling.change().reasons().contains(ChangeReason.LARGER);
          assertThat(step.flags())
              .as(words)
              .contains(overTable ? "block-over-table" : "remap-no-bbm");
        }
      }
      case FREE -> {
        if (step.where().endsWith("unmap")) {
          // Of a step in which the library died half-way the recording says no more than that.
          assertThat(step.flags()).as(words).containsAnyOf("freed-before-tlbi", "host-fault");
        } else {
          // The recording has no flag for it: destroy never invalidates.
          assertThat(step.where()).as(words).endsWith("destroy");
        }
      }
      case VMID_REUSE -> assertThat(step.where()).as(words).endsWith("guest");
    }
  }

  /** Where the recording has a flag, something is said. */
  private static void isSaid(Judged step) {
    String words = step.where() + " " + step.flags();
    if (step.flags().contains("block-over-table")) {
      assertThat(step.violates(ChangeReason.LARGER)).as(words).isTrue();
    }
    if (step.flags().contains("freed-before-tlbi")) {
      assertThat(step.violates(Act.FREE)).as(words).isTrue();
    }
    if (step.flags().contains("remap-no-bbm")) {
      // The flag counts every other valid value. The architecture lets permissions change in place;
      // a block whose flags have bit 1 set is a table descriptor, most bits of which count not; and
      // an output beyond PS, from an earlier step, was never cached.
      assertThat(step.rulings())
          .as(words)
          .anyMatch(r ->
              r.isViolation()
                  || r.verdict() == Ruling.Verdict.NEEDS_TLBI
                  || r.change().reasons().contains(ChangeReason.IGNORED_BITS)
                  || ((r.old() & 1) != 0
                      && r.change().reasons().contains(ChangeReason.NEVER_CACHED)));
    }
  }

  @Test
  void ofTheCorrectedLibraryThereIsNothingToSay() throws IOException {
    nothingToSay(9);
  }

  @Test
  @Tag("long")
  void ofTheCorrectedLibraryThereIsNothingToSayInAnySequence() throws IOException {
    nothingToSay(1);
  }

  private static void nothingToSay(int every) throws IOException {
    int breaks = 0;
    for (JsonNode line : sequences(every)) {
      for (Judged step : replay(line, Defects.NONE)) {
        assertThat(step.rulings()).as(step.where()).noneMatch(Ruling::isViolation);
        assertThat(step.left()).as(step.where()).isEmpty();
        breaks +=
            (int) step.rulings().stream().filter(r -> r.verdict() == Ruling.Verdict.BREAK).count();
      }
    }
    assertThat(breaks * every).isGreaterThan(1000);
  }

  @Test
  void withoutItsBarriersThePostedLibraryLacksTheDsbBeforeEachTlbi() throws IOException {
    boolean seen = false;
    for (JsonNode line : sequences(40)) {
      for (Judged step : replay(line, Defects.AS_POSTED)) {
        for (Referee.Outstanding left : step.left()) {
          assertThat(left.missing())
              .as(step.where())
              .isIn(MissingStep.DSB_BEFORE_TLBI, MissingStep.OTHER_VMID);
          seen = true;
        }
      }
    }
    assertThat(seen).isTrue();
  }
}
