package dev.stagewalk.app.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stagewalk.hyp.Defects;
import org.junit.jupiter.api.Test;

final class CorrectedLibraryTest {
  private static final String INIT = "{'op':'init','m':0,'vmid':1,'granule':'4K','block':1}";
  private static final String BLOCK = map("0x0", "0x80000000", "0x200000");

  private final Tally tally = new Tally();

  private static String map(String ipa, String pa, String size) {
    return "{'op':'map','m':0,'ipa':'%s','pa':'%s','size':'%s','flags':'0x7fc'%%s}"
        .formatted(ipa, pa, size);
  }

  private void run(Defects corrected, String... steps) throws JsonProcessingException {
    S2mmuCalls posted = new S2mmuCalls(new OracleWorld(4096, 0x8000_0000L), Defects.AS_POSTED, 48);
    CorrectedLibrary beside =
        new CorrectedLibrary(
            posted, new S2mmuCalls(new OracleWorld(4096, 0x8000_0000L), corrected, 48), tally);
    for (String step : steps) {
      String text = step.contains("%s") ? step.formatted("") : step;
      JsonNode json = new ObjectMapper().readTree(text.replace('\'', '"'));
      posted.perform(json);
      beside.perform("here", json, posted.world().takeEvents());
    }
  }

  @Test
  void theSameEffectIsCountedAndTheDetourByItsDefect() throws JsonProcessingException {
    run(
        Defects.NONE,
        INIT,
        BLOCK.formatted(",'flag':['tlbi-other-vmid']"),
        map("0x0", "0x80200000", "0x200000").formatted(",'flag':['remap-no-bbm']"));
    assertThat(tally.failures()).isEmpty();
    assertThat(tally.notes())
        .containsEntry("corrected library: steps with the same effect", 3L)
        .containsEntry("corrected library: of them before the first flag of their sequence", 1L)
        .containsEntry("corrected library:  D2 break before a make: store of 0 and TLBI", 1L);
  }

  @Test
  void anotherEffectIsAFailureWhereNoFlagSaysThatThePostedTablesAreWrong()
      throws JsonProcessingException {
    String unmap = "{'op':'unmap','m':0,'ipa':'0x0','size':'0x1000'%s}";
    run(Defects.NONE, INIT, BLOCK, unmap);
    assertThat(tally.failures()).hasSize(1);
    assertThat(tally.failures().getFirst().expected()).contains("0x0 → 0x80000000 level 2");
  }

  @Test
  void whatComesAfterSuchAFlagIsNotCompared() throws JsonProcessingException {
    String unmap = "{'op':'unmap','m':0,'ipa':'0x0','size':'0x1000','flag':['partial-leaf-kept']}";
    run(Defects.NONE, INIT, BLOCK, unmap, BLOCK);
    assertThat(tally.failures()).isEmpty();
    assertThat(tally.notes()).containsEntry("corrected library: steps with the same effect", 2L);
  }

  @Test
  void aLibraryThatRefusesWhatThePostedOneDoesRightlyIsNoticed() throws JsonProcessingException {
    run(Defects.AS_REVIEWED, INIT, BLOCK, map("0x0", "0x80200000", "0x200000"));
    assertThat(tally.failures()).hasSize(1);
    assertThat(tally.failures().getFirst().found()).contains("assertion failed");
  }
}
