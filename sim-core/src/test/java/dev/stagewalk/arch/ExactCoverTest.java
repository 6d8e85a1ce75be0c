package dev.stagewalk.arch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Holds the rows themselves to their promise, without trusting the loader's own check. */
class ExactCoverTest {
  private static final long SEED = 0x5747a6e3a1cL;
  private static final int VALUES_PER_FORM = 300;

  @Test
  void everyLayoutGivesEveryBitToOneField() {
    for (BitForm form : forms()) {
      long all = form.width() == 64 ? -1L : (1L << form.width()) - 1;
      for (Layout layout : form.layouts()) {
        long covered = 0;
        int bits = 0;
        for (Field field : layout.fields()) {
          covered |= field.mask();
          bits += field.width();
        }
        assertThat(covered).as("%s %s", form, layout.id()).isEqualTo(all);
        assertThat(bits).as("%s %s", form, layout.id()).isEqualTo(form.width());
      }
    }
  }

  @Test
  void decodedFieldsEncodeToTheSameValueInAnyContext() {
    SplittableRandom random = new SplittableRandom(SEED);
    List<String> changed = new ArrayList<>();
    for (BitForm form : forms()) {
      for (int i = 0; i < VALUES_PER_FORM; i++) {
        long value = random.nextLong() & Bits.mask(form.width());
        Context context = anyContext(random);
        if (BitForm.encode(form.decode(value, context)) != value) {
          changed.add(form + " " + Hex.full(value) + " " + context);
        }
      }
    }
    assertThat(changed).isEmpty();
  }

  @Test
  void everyFieldOfAnyValueHasWords() {
    SplittableRandom random = new SplittableRandom(SEED);
    List<String> silent = new ArrayList<>();
    for (BitForm form : forms()) {
      for (int i = 0; i < VALUES_PER_FORM; i++) {
        for (FieldValue field : form.decode(random.nextLong(), anyContext(random))) {
          if (field.text().isBlank() || field.description().isBlank()) {
            silent.add(form + "." + field.name());
          }
        }
      }
    }
    assertThat(silent).isEmpty();
  }

  @Test
  void aFieldSetByNameReadsBackAndLeavesTheOthersAlone() {
    SplittableRandom random = new SplittableRandom(SEED);
    for (BitForm form : forms()) {
      long value = random.nextLong() & Bits.mask(form.width());
      for (Field field : form.layout(value).fields()) {
        if (field.kind() instanceof FieldKind.Unassigned) {
          continue;
        }
        long wanted = random.nextLong() & Bits.mask(field.width());
        long changed = form.withField(value, field.name(), wanted);
        assertThat(changed)
            .as("%s.%s", form, field.name())
            .isEqualTo(value & ~field.mask() | wanted << field.lo());
      }
    }
  }

  private static List<BitForm> forms() {
    List<BitForm> forms = new ArrayList<>(ArchTables.standard().forms().values());
    for (Register register : RegisterTable.standard().all()) {
      forms.add(register.form());
    }
    return forms;
  }

  private static Context anyContext(SplittableRandom random) {
    Context context = Context.PLAIN;
    for (Setting setting : Setting.values()) {
      int[] domain = setting.domain();
      context = context.with(setting, domain[random.nextInt(domain.length)]);
    }
    return context;
  }
}
