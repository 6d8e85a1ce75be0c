package dev.stagewalk;

import static dev.stagewalk.ScriptedHost.DATA;
import static dev.stagewalk.ScriptedHost.EXECUTABLE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.hyp.Defect;
import dev.stagewalk.hyp.Defects;
import dev.stagewalk.hyp.Stage2Mmu;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What each defect of the library, alone, is found by; and its corrected twin by nothing. */
final class FindingsOfDefectsTest {
  private static final long IPA = 0x5000_0000L;
  private static final long BLOCK = 2L << 20;

  /**
   * A defect, the ids of its findings, and steps of a host that calls the library.
   *
   * @param defects most often one; where others hide it these are there too
   */
  record Case(
      Defects defects, Set<String> ids, String profile, List<Consumer<ScriptedHost>> steps) {
    @Override
    public String toString() {
      return defects + " on " + profile;
    }
  }

  private static final List<Case> CASES = new ArrayList<>();

  @SafeVarargs
  private static void shows(Defect defect, String ids, Consumer<ScriptedHost>... steps) {
    showsOn("max", defect, ids, steps);
  }

  @SafeVarargs
  private static void showsOn(
      String profile, Defect defect, String ids, Consumer<ScriptedHost>... steps) {
    showsOn(profile, Defects.of(defect), ids, steps);
  }

  @SafeVarargs
  private static void showsOn(
      String profile, Defects defects, String ids, Consumer<ScriptedHost>... steps) {
    CASES.add(new Case(defects, Set.of(ids.split(" ")), profile, List.of(steps)));
  }

  /** Tables of one guest, made by the first step and changed by those that follow. */
  private static Consumer<ScriptedHost> guest(
      Stage2Mmu[] mmu, int vmid, Granule granule, int bits, Consumer<ScriptedHost> then) {
    return host -> {
      mmu[0] = host.guest(vmid, granule, bits);
      then.accept(host);
    };
  }

  static {
    Stage2Mmu[] one = new Stage2Mmu[1];
    Stage2Mmu[] two = new Stage2Mmu[1];
    Consumer<ScriptedHost> withPage =
        guest(
            one,
            1,
            Granule.K4,
            40,
            host -> {
              one[0].map(IPA, host.frame(), 4096, DATA);
              host.read(IPA);
            });
    Consumer<ScriptedHost> readAgain = host -> host.read(IPA);
    shows(
        Defect.TLBI_OTHER_VMID,
        "tlbi-vmid table-freed stale-entry",
        withPage,
        host -> {
          two[0] = host.guest(2, Granule.K4, 40);
        },
        host -> {
          one[0].unmap(IPA, 4096);
          host.use(one[0]);
          host.read(IPA);
        });
    shows(
        Defect.REMAP_NO_BBM,
        "bbm-missing stale-entry",
        withPage,
        host -> {
          one[0].map(IPA, host.frame(), 4096, DATA);
          host.read(IPA);
        });
    shows(
        Defect.OOM_NULL_TABLE,
        "call-half-done table-unreadable",
        guest(
            one,
            1,
            Granule.K4,
            40,
            host -> {
              host.leave(1);
              one[0].map(IPA << 4, 0x4010_0000L, 4096, DATA);
            }));
    shows(
        Defect.PARTIAL_LEAF_KEPT,
        "map-not-as-asked",
        guest(
            one,
            1,
            Granule.K4,
            40,
            host -> {
              one[0].map(IPA, 0x4100_0000L, BLOCK, DATA);
              one[0].unmap(IPA + 0x1000, 4096);
            }));
    Consumer<ScriptedHost> blockOverTable = host -> one[0].map(IPA, 0x4100_0000L, BLOCK, DATA);
    showsOn(
        "cortex-a76",
        Defect.BLOCK_OVER_TABLE,
        "bbm-missing orphan-table",
        withPage,
        blockOverTable);
    // FEAT_BBM level 2 lets the size change in place, but the TLBI is missing all the same.
    shows(Defect.BLOCK_OVER_TABLE, "tlbi-missing orphan-table", withPage, blockOverTable);
    shows(
        Defect.NO_TLBI_ON_ERROR,
        "call-half-done",
        guest(
            one,
            1,
            Granule.K4,
            40,
            host -> {
              host.leave(1);
              one[0].map(IPA + BLOCK - 0x1000, 0x4100_0000L, 0x2000, DATA);
            }));
    shows(Defect.NO_DSB_BEFORE_TLBI, "tlbi-before-dsb", withPage, host -> one[0].unmap(IPA, 4096));
    shows(Defect.FREED_BEFORE_TLBI, "table-freed", withPage, host -> one[0].unmap(IPA, 4096));
    shows(
        Defect.NO_TLBI_ON_DESTROY,
        "table-freed",
        withPage,
        host -> {
          one[0].disable();
          one[0].destroy();
          one[0] = host.guest(2, Granule.K4, 40);
        });
    shows(
        Defect.ONE_ROOT_TABLE,
        "map-not-as-asked",
        host -> {
          one[0] = host.make(1, Granule.K16, 48);
          host.mapCode(one[0]);
        });
    shows(
        Defect.IPA_ALIAS,
        "map-not-as-asked",
        host -> {
          one[0] = host.make(1, Granule.K16, 48);
          one[0].map(1L << 47, 0x4100_0000L, 0x4000, DATA);
        });
    shows(
        Defect.IPA_OUT_OF_RANGE,
        "map-not-as-asked",
        host -> {
          one[0] = host.make(1, Granule.K4, 36);
          one[0].map(1L << 37, 0x4100_0000L, 4096, DATA);
        });
    showsOn(
        "cortex-a76",
        Defect.START_LEVEL_NEEDS_WIDER_PA,
        "map-not-as-asked",
        host -> {
          one[0] = host.make(1, Granule.K4, 40);
          host.mapCode(one[0]);
        });
    shows(
        Defect.PA_OVER_PS,
        "map-not-as-asked",
        host -> {
          one[0] = host.make(1, Granule.K4, 40);
          one[0].map(IPA, 1L << 42, 4096, DATA);
        });
    shows(
        Defect.VMID_OVER_8BIT,
        "vmid-reused control-without-effect",
        guest(one, 1, Granule.K4, 40, host -> {}),
        host -> {
          two[0] = host.make(257, Granule.K4, 40);
          host.mapCode(two[0]);
          host.use(two[0]);
        });
    shows(
        Defect.MISALIGNED,
        "map-not-as-asked",
        guest(one, 1, Granule.K4, 40, host -> one[0].map(IPA, 0x4100_0800L, 4096, DATA)));
    shows(
        Defect.EXPORTS_NEIGHBOURS,
        "exported-more",
        guest(one, 1, Granule.K64, 40, host -> one[0].map(IPA, 0x4100_0000L, 4096, DATA)));
    shows(
        Defect.RANGE_WRAP,
        "map-not-as-asked",
        guest(one, 1, Granule.K4, 40, host -> one[0].map(-4096L, 0x4100_0000L, 0x2000, DATA)));
    // The check of PS would refuse it too.
    showsOn(
        "max",
        Defects.of(Defect.PA_OVER_48, Defect.PA_OVER_PS),
        "map-not-as-asked",
        host -> {
          one[0] = host.make(1, Granule.K4, 48);
          one[0].map(IPA, 1L << 49, 4096, DATA);
        });
    shows(
        Defect.FLAGS_UNMASKED,
        "map-not-as-asked",
        guest(
            one, 1, Granule.K4, 40, host -> one[0].map(IPA, 0x4100_0000L, BLOCK, EXECUTABLE | 2)));
    showsOn(
        "max",
        Defects.of(Defect.OOM_NULL_TABLE, Defect.NULL_TABLE_FOLLOWED),
        "call-half-done host-died",
        guest(
            one,
            1,
            Granule.K4,
            40,
            host -> {
              host.leave(1);
              one[0].map(IPA << 4, 0x4010_0000L, 4096, DATA);
              one[0].unmap(IPA << 4, 4096);
            }));
    shows(
        Defect.VTCR_NOT_IN_GUEST,
        "vtcr-other-guest",
        guest(one, 1, Granule.K4, 40, host -> {}),
        host -> two[0] = host.guest(2, Granule.K4, 36),
        host -> {
          host.use(one[0]);
          host.read(IPA);
        });
    showsOn(
        "cortex-a76",
        Defect.PS_HARD_WIRED,
        "map-not-as-asked",
        host -> {
          one[0] = host.make(1, Granule.K4, 48);
          host.mapCode(one[0]);
        });
    shows(
        Defect.DESTROY_NULL,
        "host-died",
        host -> new Stage2Mmu(host.el2(), host.defects, 0).destroy());
  }

  static List<Case> cases() {
    return CASES;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aDefectAloneIsFoundAndItsCorrectedTwinNot(Case shown) {
    assertThat(run(shown, shown.defects)).isEqualTo(shown.ids);
    assertThat(run(shown, Defects.NONE)).isEmpty();
  }

  @SuppressWarnings("unchecked")
  private static Set<String> run(Case shown, Defects defects) {
    return ScriptedHost.found(shown.profile, defects, shown.steps.toArray(Consumer[]::new));
  }
}
