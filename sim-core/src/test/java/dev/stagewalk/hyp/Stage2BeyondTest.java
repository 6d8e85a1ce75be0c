package dev.stagewalk.hyp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mmu.Features;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.Stage2Walk;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the library does beyond the posted one: permissions, Access flags, the log, sizes. */
final class Stage2BeyondTest {
  private static final long RW = MapFlags.data(Defects.NONE);
  private static final long RO = MapFlags.readOnlyData(Defects.NONE);
  private static final long READ_WRITE = MapFlags.READ | MapFlags.WRITE | MapFlags.XN;
  private static final long READ_ONLY = MapFlags.READ | MapFlags.XN;
  private static final long PA = 0x8000_0000L;
  private static final long M2 = 2L << 20;
  private static final long G1 = 1L << 30;
  private static final long K4 = 4096;

  private final TestMachine machine = new TestMachine();
  private final Stage2Mmu mmu = mmu(machine, Granule.K4, 40);

  private static Stage2Mmu mmu(TestMachine machine, Granule granule, int ipaBits) {
    long struct = machine.allocate(0).value();
    Stage2Mmu made = new Stage2Mmu(machine, Defects.NONE, struct);
    assertThat(made.init(7, granule, ipaBits, true).words()).isEqualTo("ok");
    machine.registers.put("VTTBR_EL2", made.vttbr());
    machine.takeLog();
    return made;
  }

  /** The log of micro-steps of one call, its two marks taken away. */
  private List<String> steps() {
    List<String> log = machine.takeLog();
    return log.subList(1, log.size() - 1);
  }

  private static Translation.Outcome walk(TestMachine machine, Stage2Mmu mmu, long ipa) {
    Features features = Features.MAX.withPaBits(48);
    Stage2Parameters parameters =
        Stage2Parameters.decode(mmu.vtcr(), mmu.vttbr(), 1L | 1L << 31, features);
    assertThat(parameters.problems()).isEmpty();
    return Stage2Walk.walk(parameters, ipa, Access.read(8), machine::load).outcome();
  }

  private static List<Mapping> found(Result result) {
    assertThat(result.words()).as("found").isNotEmpty();
    return ((Result.Found) result).mappings();
  }

  private static List<Long> ipas(Result result) {
    return found(result).stream().map(Mapping::ipa).toList();
  }

  // Query

  @Test
  void aQuerySaysWhereAnIpaLeadsWithSizeAndAttributes() {
    mmu.map(M2, PA, M2, RO);
    machine.takeLog();
    Result.Leads leads = (Result.Leads) mmu.translate(M2 + 0x1238);
    assertThat(leads.mapping().pa()).isEqualTo(PA + 0x1238);
    assertThat(leads.mapping().size()).isEqualTo(M2);
    assertThat(leads.mapping().memAttr()).isEqualTo(0xf);
    assertThat(leads.mapping().shareability()).isEqualTo(3);
    assertThat(leads.words()).isEqualTo("0x0020_1238 → 0x8000_1238, R, level 2, 2 MiB");
    assertThat(steps()).isEmpty();
    assertThat(mmu.translate(0).words()).isEqualTo("nothing maps 0x0000_0000");
    assertThat(mmu.translate(1L << 40).words()).contains("40 bits");
  }

  // Permissions

  @Test
  void permissionsOfALeafChangeInPlaceAndTheTlbiComesAfter() {
    mmu.map(0, PA, 2 * K4, RW);
    machine.takeLog();
    assertThat(mmu.protect(0, K4, READ_ONLY).words()).isEqualTo("1 leaf changed");
    assertThat(steps()).hasSize(5).last().isEqualTo("ISB");
    mmu.protect(0, K4, READ_WRITE);
    List<String> relaxed = steps();
    assertThat(relaxed.getFirst()).startsWith("W ").doesNotContain("W 0").doesNotEndWith(" 0");
    assertThat(relaxed.subList(1, 5)).containsExactly("DSB ISHST", "TLBI 7", "DSB ISH", "ISB");
    assertThat(mmu.query(0).orElseThrow().words()).isEqualTo("RW");
    assertThat(mmu.query(K4).orElseThrow().words()).isEqualTo("RW");
  }

  @Test
  void whatHasThePermissionsAlreadyIsLeftAlone() {
    mmu.map(0, PA, M2, RO);
    machine.takeLog();
    assertThat(mmu.protect(K4, K4, READ_ONLY).words()).isEqualTo("nothing to change");
    assertThat(steps()).isEmpty();
  }

  @Test
  void aBlockThatTheRangeCutsIsSplitWithBreakBeforeMake() {
    mmu.map(0, PA, G1, RW);
    machine.takeLog();
    assertThat(mmu.protect(M2 + K4, M2, READ_ONLY).ok()).isTrue();
    assertThat(machine.takeLog()).filteredOn("TLBI 7"::equals).hasSize(2);
    assertThat(mmu.query(M2).orElseThrow().words()).isEqualTo("RW");
    assertThat(mmu.query(M2 + K4).orElseThrow().words()).isEqualTo("R");
    assertThat(mmu.query(2 * M2).orElseThrow().words()).isEqualTo("R");
    assertThat(mmu.query(2 * M2 + K4).orElseThrow().words()).isEqualTo("RW");
    assertThat(mmu.query(3 * M2).orElseThrow().level()).isEqualTo(2);
  }

  // Access flags

  @Test
  void accessFlagsAreClearedWithATlbiOrWithout() {
    mmu.map(0, PA, 3 * K4, RW);
    machine.takeLog();
    assertThat(ipas(mmu.clearAccess(0, 3 * K4, true))).containsExactly(0L, K4, 2 * K4);
    assertThat(steps()).endsWith("DSB ISHST", "TLBI 7", "DSB ISH", "ISB");
    assertThat(walk(machine, mmu, K4)).isInstanceOf(Translation.Fault.class);
    assertThat(mmu.setAccess(K4 + 8).words()).isEqualTo("1 leaf changed");
    assertThat(steps()).hasSize(3).endsWith("DSB ISHST", "ISB");
    assertThat(mmu.setAccess(K4).words()).isEqualTo("nothing to change");
    assertThat(ipas(mmu.accessed(0, 3 * K4))).containsExactly(K4);
    machine.takeLog();
    assertThat(ipas(mmu.clearAccess(0, 3 * K4, false))).containsExactly(K4);
    assertThat(steps()).hasSize(3).endsWith("DSB ISHST", "ISB");
    assertThat(mmu.accessed(0, M2).words()).isEqualTo("none");
  }

  @Test
  void permissionsOfALeafWithoutAccessFlagAreInvalidatedToo() {
    mmu.map(0, PA, K4, RW);
    mmu.clearAccess(0, K4, false);
    machine.takeLog();
    mmu.protect(0, K4, READ_ONLY);
    assertThat(steps()).as("a TLB may still hold it, with write permission").contains("TLBI 7");
  }

  // The log of writes

  @Test
  void theLogNamesJustThePagesThatWereWrittenSinceItWasCollected() {
    mmu.map(0, PA, M2, RW);
    mmu.map(M2, PA + M2, K4, RO);
    assertThat(mmu.startLog(0, 2 * M2).words()).isEqualTo("512 leaves changed");
    assertThat(mmu.query(K4).orElseThrow().words()).isEqualTo("R, logged");
    assertThat(mmu.query(M2).orElseThrow().words()).isEqualTo("R");
    assertThat(mmu.collectLog(0, 2 * M2).words()).isEqualTo("none");
    assertThat(mmu.logWrite(3 * K4 + 16).ok()).isTrue();
    assertThat(mmu.logWrite(5 * K4).ok()).isTrue();
    assertThat(mmu.logWrite(5 * K4).words()).isEqualTo("nothing to change");
    assertThat(mmu.query(5 * K4).orElseThrow().dirty()).isTrue();
    assertThat(mmu.logWrite(M2).words()).contains("not logged");
    assertThat(ipas(mmu.collectLog(4 * K4, K4))).isEmpty();
    assertThat(ipas(mmu.collectLog(0, 2 * M2))).containsExactly(3 * K4, 5 * K4);
    assertThat(ipas(mmu.collectLog(0, 2 * M2))).isEmpty();
    assertThat(mmu.stopLog().words()).isEqualTo("512 leaves changed");
    assertThat(mmu.query(3 * K4).orElseThrow().words()).isEqualTo("RW");
    assertThat(machine.violations).isEmpty();
  }

  @Test
  void aWriteThatIsLoggedForgetsTheEntryWithoutPermission() {
    mmu.map(0, PA, K4, RW);
    mmu.startLog(0, K4);
    machine.takeLog();
    mmu.logWrite(0);
    assertThat(steps()).hasSize(5).contains("TLBI 7");
    mmu.collectLog(0, K4);
    assertThat(steps()).hasSize(5).contains("TLBI 7");
    mmu.logWrite(0);
    machine.takeLog();
    mmu.stopLog();
    assertThat(steps()).as("only the mark goes").doesNotContain("TLBI 7");
  }

  @Test
  void whatIsMappedUnderTheLogIsAPageAndCountsAsWritten() {
    mmu.startLog(0, 2 * M2);
    mmu.map(0, PA, M2, RW);
    mmu.map(M2, PA + M2, K4, MapFlags.device(Defects.NONE));
    assertThat(mmu.query(0).orElseThrow().level()).isEqualTo(3);
    assertThat(found(mmu.collectLog(0, 2 * M2))).hasSize(512);
    assertThat(mmu.query(M2).orElseThrow().words()).isEqualTo("RW device");
    mmu.map(2 * M2, PA, M2, RW);
    assertThat(mmu.query(2 * M2).orElseThrow().words()).isEqualTo("RW");
  }

  @Test
  void withHardwareDirtyStateThePagesOfTheLogHaveDbm() {
    assertThat(mmu.hardwareUpdates(true, true).words()).contains("FEAT_HAFDBS");
    machine.registers.put("ID_AA64MMFR1_EL1", 2L);
    assertThat(mmu.hardwareUpdates(false, true).words()).contains("HD means nothing without HA");
    machine.takeLog();
    assertThat(mmu.hardwareUpdates(true, true).ok()).isTrue();
    assertThat(mmu.vtcr() >>> 21 & 3).isEqualTo(3);
    assertThat(machine.takeLog())
        .containsSubsequence("S VTCR_EL2 " + Long.toHexString(mmu.vtcr()), "ISB", "TLBI 7", "ISB");
    mmu.map(0, PA, K4, RW);
    mmu.startLog(0, K4);
    assertThat(mmu.query(0).orElseThrow().leaf() >>> 51 & 1).isEqualTo(1);
    mmu.stopLog();
    assertThat(mmu.query(0).orElseThrow().leaf() >>> 51 & 1).isZero();
  }

  @Test
  void aStage2ThatIsMadeAnewLogsNothing() {
    mmu.startLog(0, M2);
    mmu.destroy();
    mmu.init(7, Granule.K4, 40, true);
    assertThat(mmu.collectLog(0, M2).words()).isEqualTo("no writes are logged");
  }

  // Sizes

  static Stream<Arguments> blocks() {
    return Stream.of(
        Arguments.of(Granule.K4, 1),
        Arguments.of(Granule.K4, 2),
        Arguments.of(Granule.K16, 2),
        Arguments.of(Granule.K64, 2));
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void aBlockIsSplitAndMergedAndTheTableFreedAfterTheInvalidation(Granule granule, int level) {
    TestMachine m = new TestMachine();
    Stage2Mmu own = mmu(m, granule, 40);
    long size = 1L << granule.levelShift(level);
    own.map(size, 4 * size, size, RW);
    long tables = m.live.size();
    assertThat(own.split(size + 8).ok()).isTrue();
    assertThat(own.query(size).orElseThrow().level()).isEqualTo(level + 1);
    assertThat(own.query(2 * size - 8).orElseThrow().pa()).isEqualTo(5 * size - 8);
    assertThat(m.live).hasSize((int) tables + 1);
    m.takeLog();
    assertThat(own.merge(size, level).words()).contains("leaves changed");
    List<String> log = m.takeLog();
    assertThat(own.query(size).orElseThrow().level()).isEqualTo(level);
    assertThat(own.query(2 * size - 8).orElseThrow().pa()).isEqualTo(5 * size - 8);
    assertThat(m.live).hasSize((int) tables);
    assertThat(log.get(1)).endsWith(" 0");
    assertThat(log.subList(2, 6)).containsExactly("DSB ISHST", "TLBI 7", "DSB ISH", "ISB");
    assertThat(log.get(6)).startsWith("W 0 ");
    assertThat(m.violations).isEmpty();
  }

  @Test
  void aGigabyteOfPagesIsMergedInOneGo() {
    mmu.map(0, 0, G1, RW);
    mmu.split(0);
    mmu.split(3 * M2);
    assertThat(mmu.query(3 * M2).orElseThrow().level()).isEqualTo(3);
    assertThat(mmu.merge(0, 1).words()).isEqualTo("1023 leaves changed");
    assertThat(mmu.query(3 * M2).orElseThrow().level()).isEqualTo(1);
    assertThat(machine.violations).isEmpty();
  }

  @Test
  void whatIsNoBlockIsNotMergedAndTheReasonSaysWhere() {
    mmu.map(0, PA, M2 - K4, RW);
    assertThat(mmu.merge(0, 2).words()).isEqualTo("nothing maps 0x001f_f000");
    mmu.map(M2 - K4, PA + M2, K4, RW);
    assertThat(mmu.merge(0, 2).words()).contains("0x001f_f000 is mapped to 0x8020_0000");
    mmu.map(M2 - K4, PA + M2 - K4, K4, RO);
    assertThat(mmu.merge(0, 2).words()).contains("0x001f_f000 has other attributes (R)");
    mmu.map(M2, PA + K4, M2, RW);
    assertThat(mmu.merge(M2, 2).words()).contains("0x8000_1000 is not a multiple of 2 MiB");
    assertThat(mmu.merge(8 * M2, 2).words()).contains("no table of level 3");
    assertThat(mmu.merge(0, 0).words()).contains("no block at level 0");
    assertThat(mmu.merge(0, 3).words()).contains("no block at level 3");
    assertThat(mmu.split(0).words()).contains("mapped by a page");
    assertThat(mmu.split(8 * M2).words()).isEqualTo("nothing maps 0x0100_0000");
  }

  // All of it

  @Test
  void wrongArgumentsAreRefusedInWordsBeforeAnythingHappens() {
    mmu.map(0, PA, M2, RW);
    machine.takeLog();
    List<Result> refused =
        List.of(
            mmu.protect(1, K4, READ_ONLY),
            mmu.protect(0, 0, READ_ONLY),
            mmu.protect(0, K4, 1L << 10),
            mmu.protect(4 * M2, K4, READ_ONLY),
            mmu.clearAccess(0, 100, true),
            mmu.accessed(-K4, 2 * K4),
            mmu.setAccess(1L << 41),
            mmu.startLog(1L << 40, K4),
            mmu.logWrite(0),
            mmu.collectLog(0, K4),
            mmu.stopLog());
    assertThat(refused).allMatch(result -> !result.ok());
    assertThat(refused).extracting(Result::words).allMatch(words -> words.length() > 14);
    assertThat(machine.takeLog()).allMatch(l -> l.startsWith("{") || l.startsWith("}"));
    mmu.startLog(0, M2);
    assertThat(mmu.startLog(0, M2).words()).contains("0x0000_0000 to 0x001f_ffff are logged");
    assertThat(mmu.protect(0, K4, READ_ONLY).words()).contains("logged: end that first");
    assertThat(mmu.merge(0, 2).words()).contains("logged page by page");
    assertThat(mmu.collectLog(0, 2 * M2).words()).contains("only writes to 0x0000_0000");
  }

  @Test
  void outOfMemoryLeavesEverythingAsItWas() {
    mmu.map(0, PA, G1, RW);
    for (int left = 0; left < 2; left++) {
      Map<Long, Integer> before = Map.copyOf(machine.live);
      machine.takeLog();
      machine.failAfter(left);
      assertThat(mmu.protect(K4, K4, READ_ONLY).words()).contains("out of memory");
      assertThat(mmu.startLog(0, 4 * M2).words()).contains("out of memory");
      machine.failAfter(0);
      assertThat(mmu.split(0).words()).contains("out of memory");
      machine.failAfter(Long.MAX_VALUE);
      assertThat(machine.live).isEqualTo(before);
      assertThat(machine.takeLog()).noneMatch(l -> l.startsWith("W"));
    }
    assertThat(mmu.stopLog().ok()).as("nothing was begun").isFalse();
  }

  /** What a page is to the guest: where it leads, whether written, whether touched. */
  private record Page(long pa, boolean write, boolean accessed) {}

  @ParameterizedTest
  @EnumSource(Granule.class)
  void anySequenceHasTheEffectOfItsCallsAndBreaksBeforeItMakes(Granule granule) {
    long page = granule.bytes();
    long block = 1L << granule.levelShift(2);
    for (int seed = 0; seed < 3; seed++) {
      Random random = new Random(seed);
      TestMachine m = new TestMachine();
      Stage2Mmu own = mmu(m, granule, 40);
      m.registers.put("VTTBR_EL2", random.nextBoolean() ? own.vttbr() : 9L << 48);
      Map<Long, Page> model = new TreeMap<>();
      for (int step = 0; step < 40; step++) {
        long ipa = random.nextInt(2) * block + random.nextInt(3) * random.nextInt(5) * page;
        long size = random.nextInt(3) == 0 ? block : (1 + random.nextInt(9)) * page;
        boolean write = random.nextBoolean();
        switch (random.nextInt(7)) {
          case 0, 1 -> {
            assertThat(own.map(ipa, PA + ipa, size, write ? RW : RO).ok()).isTrue();
            each(ipa, size, page, at -> model.put(at, new Page(PA + at, write, true)));
          }
          case 2 -> {
            own.protect(ipa, size, write ? READ_WRITE : READ_ONLY);
            each(
                ipa,
                size,
                page,
                at -> model.computeIfPresent(at, (_, p) -> new Page(p.pa, write, p.accessed)));
          }
          case 3 -> {
            // A block has one flag for all of it.
            List<Mapping> cleared = found(own.clearAccess(ipa, size, write));
            cleared.forEach(c ->
                each(
                    c.ipa(),
                    c.size(),
                    page,
                    at -> model.computeIfPresent(at, (_, p) -> new Page(p.pa, p.write, false))));
          }
          case 4 -> own.split(ipa);
          case 5 -> own.merge(ipa, 2);
          default -> {
            if (own.setAccess(ipa).ok()) {
              Mapping leaf = own.query(ipa).orElseThrow();
              each(
                  ipa & -leaf.size(),
                  leaf.size(),
                  page,
                  at -> model.computeIfPresent(at, (_, p) -> new Page(p.pa, p.write, true)));
            }
          }
        }
        assertThat(m.violations).as("seed %d step %d", seed, step).isEmpty();
        m.takeLog();
        for (long at = random.nextInt(7) * page; at < 2 * block; at += 7 * page) {
          Page is =
              own.query(at).map(q -> new Page(q.pa(), q.writable(), q.accessed())).orElse(null);
          assertThat(is).as("seed %d step %d IPA %x", seed, step, at).isEqualTo(model.get(at));
        }
      }
      assertThat(own.destroy().ok()).isTrue();
      assertThat(m.live).hasSize(1);
    }
  }

  private static void each(
      long from, long size, long page, java.util.function.LongConsumer action) {
    for (long at = from; at < from + size; at += page) {
      action.accept(at);
    }
  }
}
