package dev.stagewalk.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.stagewalk.cpu.Asynchronous;
import dev.stagewalk.event.Moment;
import dev.stagewalk.time.When;
import java.util.List;
import org.junit.jupiter.api.Test;

class InjectionGrammarTest {
  private static Edit parse(String text) {
    return InjectionGrammar.parse(text);
  }

  @Test
  void everyInjectionIsReadFromWhatItSays() {
    List<Injection> all =
        List.of(
            new Injection.Unmap(0x4020_0000, Injection.Extent.PAGE, 0),
            new Injection.Unmap(0x4020_0000, Injection.Extent.BLOCK, 0),
            new Injection.Unmap(0x4020_0000, Injection.Extent.RANGE, 0x20_0000),
            new Injection.ClearAccessFlag(0x4020_0000, -1),
            new Injection.SetS2ap(0x4020_0000, Injection.DataAccess.RO, 1),
            new Injection.SetXn(0x4008_0000, Injection.Execution.NEITHER, -1),
            new Injection.SetMemAttr(0x4020_0000, Injection.MemoryAttribute.DEVICE_NGNRE, -1),
            new Injection.PointTable(0x4020_0000, -1, 0x4800_1000, 2),
            new Injection.FlipMemory(0x4800_3008, 54),
            new Injection.SkipNext(Injection.Maintenance.TLBI),
            new Injection.SkipNext(Injection.Maintenance.DSB),
            new Injection.SkipNext(Injection.Maintenance.ISB),
            new Injection.NarrowDsb(),
            new Injection.NarrowNext(new Injection.Narrowing.Local()),
            new Injection.NarrowNext(new Injection.Narrowing.Vmid(3)),
            new Injection.NarrowNext(new Injection.Narrowing.Shift(16)),
            new Injection.NarrowNext(new Injection.Narrowing.Stage2()),
            new Injection.SetVmid(5, -1),
            new Injection.SetVtcr(0x8002_3558L, 0),
            new Injection.SetVttbr(0xffff_0000_4800_0000L, -1),
            new Injection.FailAllocation(),
            new Injection.Interrupt(Asynchronous.SERROR, false, 0),
            new Injection.Interrupt(Asynchronous.IRQ, true, 3),
            new Injection.FlipRegister("VTCR_EL2", 63, -1));
    for (Injection injection : all) {
      assertThat(parse(injection.text())).isEqualTo(injection);
      assertThat(parse("inject " + injection.text())).isEqualTo(injection);
      assertThat(injection.words()).isNotBlank();
    }
    assertThat(all.stream().map(Injection::text)).doesNotHaveDuplicates();
  }

  @Test
  void everyCallOfTheLibraryIsReadFromWhatItIsWrittenAs() {
    LibraryCall.Range granule = new LibraryCall.Range(0x4020_0000, 0);
    LibraryCall.Range range = new LibraryCall.Range(0x4020_0000, 0x20_0000);
    List<LibraryCall> all =
        List.of(
            new LibraryCall.Protect(granule, LibraryCall.Permissions.R),
            new LibraryCall.Protect(range, LibraryCall.Permissions.NONE),
            new LibraryCall.ClearAccess(range, true),
            new LibraryCall.ClearAccess(granule, false),
            new LibraryCall.Accessed(granule),
            new LibraryCall.StartLog(range),
            new LibraryCall.CollectLog(range),
            new LibraryCall.StopLog(),
            new LibraryCall.Split(0x4020_0000),
            new LibraryCall.Merge(0x4020_0000, 2));
    for (LibraryCall call : all) {
      assertThat(parse(call.text())).isEqualTo(call);
      assertThat(call.words()).isNotBlank();
    }
    assertThat(all.stream().map(LibraryCall::text)).doesNotHaveDuplicates();
  }

  @Test
  void theEditsOfTheWindowAreReadToo() {
    assertThat(parse("map ipa 0x4020_0000 size 2M"))
        .isEqualTo(new Edit.MapFresh(0x4020_0000, 0x20_0000));
    assertThat(parse("write pa 0x48003008 0x3")).isEqualTo(new Edit.SetMemory(0x4800_3008, 3));
    assertThat(parse("set x3 17 pe 1")).isEqualTo(new Edit.SetRegister("x3", 17, 1));
    assertThat(parse("type \"go at once @ 3\"")).isEqualTo(new Edit.Type("go at once @ 3"));
    assertThat(parse("serror physical pe 0")).isEqualTo(parse("serror pe 0"));
    assertThat(parse("unmap ipa 4096 page")).isEqualTo(parse("unmap ipa 0x1000"));
  }

  @Test
  void everyFormOfTheListIsOneThatIsRead() {
    for (InjectionGrammar.Form form : InjectionGrammar.forms()) {
      String example =
          form.syntax()
              .replaceAll(" \\[[^]]*]", "")
              .replaceAll("\\|vmid N.*", "")
              .replaceAll("\\|[^ ]*", "")
              .replace("register NAME", "register x3")
              .replace("set NAME", "set x3")
              .replace("IPA TYPE", "IPA normal-nc")
              .replace("\"TEXT\"", "\"a\"")
              .replaceAll("IPA|PA|VALUE", "4096")
              .replaceAll("\\bN\\b", "2");
      assertThat(parse(example)).as(example).isNotNull();
      assertThat(form.meaning()).isNotBlank();
    }
  }

  @Test
  void timesAreExitsEventsInstructionsAndMoments() {
    assertThat(time("at start")).isEqualTo(new When.AtMoment(Moment.START));
    assertThat(time("@ exit 3")).isEqualTo(new When.AtExit(3));
    assertThat(time("@exit 3")).isEqualTo(new When.AtExit(3));
    assertThat(time("at event 0")).isEqualTo(new When.AtEvent(0));
    assertThat(time("at instruction 120")).isEqualTo(new When.AtMoment(Moment.at(120)));
    assertThat(time("at 1:120.4")).isEqualTo(new When.AtMoment(Moment.at(120, 4)));
    for (String text : List.of("start", "exit 3", "event 7", "instruction 9", "1:120.4")) {
      assertThat(time("at " + text)).hasToString(text);
    }
  }

  private static When time(String text) {
    PlannedEdit plan = InjectionGrammar.parsePlanned("fail-alloc " + text);
    assertThat(plan.text()).isEqualTo("fail-alloc " + text);
    return plan.when();
  }

  @Test
  void aMistakeIsNamedWithItsPlaceAndWhatMayHaveBeenMeant() {
    refused("unmapp ipa 0x1000", "column 1", "not 'unmapp'", "did you mean unmap?");
    refused("unmap 0x1000", "column 7", "expected 'ipa', not '0x1000'");
    refused("unmap ipa here", "column 11", "expected an address", "'here' is not a number");
    refused("s2ap ipa 0x1000 rx", "column 17", "none, ro, wo, rw", "not 'rx'", "did you mean");
    refused("clear-af ipa 0x1000 on pe 1", "column 21", "expected the end, not 'on'");
    refused("clear-af ipa", "column 13", "but the line ends here");
    refused("flip pa 0x1000 bit 64", "column 20", "64 is not in 0 to 63");
    refused("vmid 65536", "column 6", "not in 0 to 65535");
    refused("vmid 5 pe 4", "not in 0 to 3");
    refused("narrow-next isb", "tlbi");
    refused("narrow-next tlbi shift 64", "not in 0 to 63");
    refused("type \"go", "column 6", "quotation mark");
    refused("", "column 1", "expected what to do");
    refusedPlan("fail-alloc", "expected 'at', but the line ends here");
    refusedPlan("fail-alloc at exit 0", "column 20", "0 is not at least 1");
    refusedPlan("fail-alloc at exits 1", "did you mean exit?");
    refusedPlan("fail-alloc at 1:x", "1:x");
    refusedPlan("fail-alloc at exit 1 2", "expected the end, not '2'");
  }

  private static void refused(String text, String... words) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> parse(text))
        .satisfies(e -> assertThat(e.getMessage()).contains(words));
  }

  private static void refusedPlan(String text, String... words) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> InjectionGrammar.parsePlanned(text))
        .satisfies(e -> assertThat(e.getMessage()).contains(words));
  }
}
