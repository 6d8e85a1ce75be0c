package dev.stagewalk.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TraceFieldsTest {
  private static TraceFields fields(String name, String body) {
    return TraceFields.of(new TraceEvent(0, 1, 0, 0, 1, 1, "vmm", name, body));
  }

  @Test
  void aGuestFaultSaysSyndromeAddressesAndPc() {
    TraceFields fault =
        fields(
            "kvm_guest_fault",
            "ipa 0x9000000, hsr 0x93810005, hxfar 0xfffffbfffdbff018, pc 0xffff800008869e20");
    assertThat(fault.esr()).hasValue(0x9381_0005L);
    assertThat(fault.exceptionClass()).hasValue(0x24);
    assertThat(fault.far()).hasValue(0xffff_fbff_fdbf_f018L);
    assertThat(fault.ipa()).hasValue(0x900_0000L);
    assertThat(fault.pc()).hasValue(0xffff_8000_0886_9e20L);
  }

  @Test
  void anExitSaysItsClassAndNoMoreOfTheSyndrome() {
    TraceFields exit =
        fields("kvm_exit", "TRAP: HSR_EC: 0x0024 (DABT_LOW), PC: 0x0000000040000010");
    assertThat(exit.exceptionClass()).hasValue(0x24);
    assertThat(exit.esr()).isEmpty();
    assertThat(exit.number("ret")).hasValue(2);
    assertThat(exit.pc()).hasValue(0x4000_0010L);
  }

  @Test
  void theOldestKernelsSayOfAnExitItsPcAlone() {
    TraceFields exit = fields("kvm_exit", "PC: 0xc0008000");
    assertThat(exit.pc()).hasValue(0xc000_8000L);
    assertThat(exit.exceptionClass()).isEmpty();
  }

  /** One event in each of the forms in which a recorder may write it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "mmio write len 1 gpa 0x9000000 val 0x47",
        "type=2 len=1 gpa=0x9000000 val=0x47",
        "type=0x2 (2) len=0x1 (1) gpa=0x9000000 (150994944) val=0x47 (71)",
        "type: 2, len: 1, gpa: 150994944, val: 71"
      })
  void anAccessSaysTheSameInEveryFormOfText(String body) {
    TraceFields mmio = fields("kvm_mmio", body);
    assertThat(mmio.number("type")).hasValue(2);
    assertThat(mmio.number("len")).hasValue(1);
    assertThat(mmio.ipa()).hasValue(0x900_0000L);
    assertThat(mmio.number("val")).hasValue(0x47);
  }

  @Test
  void digitsThatTheKernelPrintsInHexadecimalAreReadSoWithoutTheirPrefix() {
    assertThat(fields("kvm_timer_save_state", "ctl=00000010 cval=  1f timer_idx=1").number("ctl"))
        .hasValue(0x10);
    assertThat(fields("kvm_timer_save_state", "ctl=00000010 cval=  1f timer_idx=1").number("cval"))
        .hasValue(0x1f);
  }

  @Test
  void anUnknownEventKeepsItsTextAndWhatItAssigns() {
    TraceFields unknown = fields("kvm_new_event", "speed=12 mode=fast");
    assertThat(unknown.number("speed")).hasValue(12);
    assertThat(unknown.text("mode")).hasValue("fast");
    assertThat(unknown.pc()).isEmpty();
  }

  @Test
  void aPointerThatBreaksOffStaysText() {
    assertThat(fields("kvm_arm_set_dreg32", "name=(0xffff800081535a20: value=0x1").text("name"))
        .hasValue("(0xffff800081535a20:");
  }

  @Test
  void aNumberOfMoreThan64BitsStaysText() {
    TraceFields odd = fields("kvm_access_fault", "IPA: 1ffffffffffffffff");
    assertThat(odd.ipa()).isEmpty();
  }

  @Test
  void everyTextOfTheTablePrintsWhatItHasRead() {
    for (String name : KvmEvents.TABLE.names()) {
      List<EventText> texts = KvmEvents.TABLE.texts(name);
      for (EventText text : texts) {
        String body = example(text);
        TraceFields.Builder builder = new TraceFields.Builder();
        assertThat(text.read(body, builder)).as("%s: %s", name, body).isTrue();
        assertThat(text.print(builder.build())).as(name).hasValue(body);
      }
    }
  }

  /** A body with values made up. */
  private static String example(EventText text) {
    StringBuilder body = new StringBuilder();
    for (EventText.Part part : text.parts()) {
      body.append(
          switch (part) {
            case EventText.Words words -> words.text();
            case EventText.Text field -> field.name();
            case EventText.Number field -> String.format(field.format(), 19L);
            case EventText.Choice field -> field.values().keySet().iterator().next();
          });
    }
    return body.toString();
  }
}
