package dev.stagewalk.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.event.StopHere;
import dev.stagewalk.isa.InstructionTable;
import dev.stagewalk.isa.Op;
import dev.stagewalk.isa.Row;
import dev.stagewalk.isa.RowWords;
import dev.stagewalk.mmu.Tlb;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The engines take random programs through the same states and events: programs that write over
 * themselves, fault in the middle, jump between pages, are interrupted, and are stopped anywhere.
 */
class EnginesAgreeTest {
  private static final int PROGRAMS = 30;

  static List<Arguments> modesAndEngines() {
    return Stream.of(Tlb.Mode.values())
        .flatMap(mode ->
            Stream.of(Engine.SUPERBLOCK, Engine.EAGER).map(engine -> Arguments.of(mode, engine)))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("modesAndEngines")
  void randomProgramsHaveTheSameStatesAtRandomInstructions(Tlb.Mode mode, Engine engine) {
    for (int seed = 0; seed < PROGRAMS; seed++) {
      new Pair(mode, engine, seed).run(40);
    }
  }

  @Tag("long")
  @ParameterizedTest
  @MethodSource("modesAndEngines")
  void manyRandomProgramsHaveTheSameStatesAtRandomInstructions(Tlb.Mode mode, Engine engine) {
    for (int seed = PROGRAMS; seed < 40 * PROGRAMS; seed++) {
      new Pair(mode, engine, seed).run(60);
    }
  }

  /** Two PEs with the same program, one for each engine. */
  private static final class Pair {
    private final Rig reference;
    private final Rig other;
    private final Random random;
    private final String name;

    Pair(Tlb.Mode mode, Engine engine, int seed) {
      name = engine + " " + mode + " " + seed;
      random = new Random(seed);
      RandomProgram program = new RandomProgram(random);
      reference = program.rig(mode, Engine.REFERENCE);
      other = program.rig(mode, engine);
    }

    void run(int stretches) {
      for (int i = 0; i < stretches; i++) {
        int length = random.nextInt(1, i < 10 ? 6 : 400);
        switch (random.nextInt(10)) {
          case 0 -> {
            boolean level = random.nextBoolean();
            both(rig -> rig.pe.setIrqLine(level));
          }
          case 1 -> {
            long value = random.nextLong();
            both(rig -> rig.pe.setX(20, value));
          }
          case 4 -> {
            // Software step of EL0, or of EL1 too, or not.
            long mdscr = random.nextInt(2) * (1 | random.nextInt(2) << 13);
            both(rig -> {
              rig.set("OSLAR_EL1", 0);
              rig.set("MDSCR_EL1", mdscr);
            });
          }
          case 2 -> {
            stopInside(length);
            continue;
          }
          case 3 -> {
            toBreakpoint(length);
            continue;
          }
          default -> {
            // Only goes on.
          }
        }
        both(rig -> rig.interpreter.run(rig.pe.instructions() + length));
        agree();
      }
    }

    private void both(Consumer<Rig> action) {
      action.accept(reference);
      action.accept(other);
    }

    private void toBreakpoint(int length) {
      // Places drawn at random may coincide.
      Set<Long> places = new HashSet<>(List.of(place(), place(), place()));
      LongPredicate breakpoint = places::contains;
      long until = reference.pe.instructions() + length;
      boolean met = reference.interpreter.runToBreakpoint(until, breakpoint);
      assertThat(other.interpreter.runToBreakpoint(until, breakpoint))
          .as("breakpoint met in %s", name)
          .isEqualTo(met);
      agree();
    }

    private long place() {
      return Rig.CODE + 4L * random.nextInt(RandomProgram.WORDS);
    }

    /** Stops after an event, inside an instruction, and goes back to where that began. */
    private void stopInside(int length) {
      int events = random.nextInt(1, 12);
      PeState before = reference.pe.save();
      both(rig -> rig.stopAfter(events));
      boolean stopped = stops(reference, length);
      assertThat(stops(other, length)).as("stopped in %s", name).isEqualTo(stopped);
      both(rig -> rig.stopAfter(0));
      if (!stopped) {
        agree();
        return;
      }
      assertThat(other.pe.instructions())
          .as("instructions in %s", name)
          .isEqualTo(reference.pe.instructions());
      assertThat(other.pe.instructionAddress()).isEqualTo(reference.pe.instructionAddress());
      both(rig -> rig.pe.restore(before));
      assertThat(other.pe.save().hash()).isEqualTo(before.hash());
    }

    private static boolean stops(Rig rig, int length) {
      try {
        rig.run(length);
        return false;
      } catch (StopHere _) {
        return true;
      }
    }

    private void agree() {
      String where = name + " at instruction " + reference.pe.instructions();
      assertThat(other.pe.instructions()).as(where).isEqualTo(reference.pe.instructions());
      assertThat(other.pe.pc()).as("pc in %s", where).isEqualTo(reference.pe.pc());
      assertThat(other.pe.save().hash())
          .as("registers in %s", where)
          .isEqualTo(reference.pe.save().hash());
      assertThat(other.ram.image().hash())
          .as("memory in %s", where)
          .isEqualTo(reference.ram.image().hash());
      assertThat(other.tlb.hash()).as("TLB in %s", where).isEqualTo(reference.tlb.hash());
      assertThat(other.events).as("events in %s", where).isEqualTo(reference.events);
      other.events.clear();
      reference.events.clear();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"REGISTERS", "NEAR"})
  void whatReachesLittleIsBlindToAllElse(Reach reach) {
    Random random = new Random(3);
    List<Row> rows =
        InstructionTable.a64().rows().stream()
            .filter(row -> Reach.of(row.semantics()) == reach)
            .toList();
    assertThat(rows).hasSizeGreaterThan(5);
    Rig one = new Rig();
    Rig two = new Rig();
    for (Row row : rows) {
      for (int word : RowWords.of(row, 100, 1)) {
        Op op = InstructionTable.a64().decode(word);
        for (int r = 0; r < 31; r++) {
          long value = random.nextBoolean() ? random.nextLong() : random.nextInt(4);
          one.pe.setX(r, value);
          two.pe.setX(r, value);
        }
        one.pe.branch(0x1234_5678L);
        two.pe.branch(reach == Reach.NEAR ? 0x1234_5678L : 0x99L);
        one.pe.instructionAddress = Rig.CODE;
        two.pe.instructionAddress = reach == Reach.NEAR ? Rig.CODE : 0x77;
        two.pe.instructions = one.pe.instructions + 5;
        one.pe.attention = false;
        Bindings.standard().of(op).execute(one.pe, op);
        Bindings.standard().of(op).execute(two.pe, op);
        assertThat(one.pe.attention).as("%s", row).isFalse();
        for (int r = 0; r < 31; r++) {
          assertThat(two.pe.x(r)).as("%s x%s", row, r).isEqualTo(one.pe.x(r));
        }
        assertThat(two.pe.nzcv()).isEqualTo(one.pe.nzcv());
        assertThat(two.pe.sp()).isEqualTo(one.pe.sp());
        if (reach == Reach.REGISTERS) {
          assertThat(one.pe.pc()).as("%s", row).isEqualTo(0x1234_5678L);
          assertThat(two.pe.pc()).as("%s", row).isEqualTo(0x99L);
        }
      }
    }
    assertThat(one.events).isEmpty();
  }
}
