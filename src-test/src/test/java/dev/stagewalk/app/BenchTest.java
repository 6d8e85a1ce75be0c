package dev.stagewalk.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.app.bench.WorkloadImage;
import dev.stagewalk.app.bench.WorkloadSize;
import dev.stagewalk.board.Machine;
import dev.stagewalk.board.Profile;
import dev.stagewalk.cpu.Engine;
import dev.stagewalk.guests.Workload;
import dev.stagewalk.mmu.Tlb;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** The workloads do what their measure says; how fast is no matter of a test. */
class BenchTest {

  static Stream<Workload> workloads() {
    return Workload.all().stream();
  }

  @ParameterizedTest
  @MethodSource("workloads")
  void everyRoundOfAWorkloadIsTheSameOnEveryEngine(Workload workload) {
    int rounds = workload.name().equals("w1") ? 1 : 2;
    WorkloadSize size = WorkloadSize.of(workload);
    assertThat(size.instructions()).isGreaterThan(10_000);
    assertThat(size.traps() > 1000).isEqualTo(workload.traps());
    WorkloadImage image = new WorkloadImage(workload, rounds);
    Set<Long> hashes = new HashSet<>();
    for (Engine engine : List.of(Engine.REFERENCE, Engine.SUPERBLOCK, Engine.COMPILED)) {
      Machine machine =
          new Machine(
              Profile.NEOVERSE_N1, 4096, new Tlb(Tlb.Mode.REALISTIC, 64, 1), (pe, event) -> {});
      machine.use(engine);
      machine.ram().write(Workload.LOAD_ADDRESS, image.bytes());
      machine.pe().branch(Workload.LOAD_ADDRESS);
      machine.run(size.instructionsOf(rounds) - 1);
      assertThat(machine.pe().pc()).isNotEqualTo(image.finish());
      machine.run(size.instructionsOf(rounds));
      assertThat(machine.pe().pc()).isEqualTo(image.finish());
      hashes.add(machine.stateHash());
    }
    assertThat(hashes).hasSize(1);
  }

  @Test
  void theBenchmarkPrintsItsTableOrJson() {
    assertThat(bench("--only", "w6", "--runs", "1", "--quick", "--no-qemu"))
        .contains("w6 traps/s", "superblock", "reference", "QEMU was left out")
        .doesNotContain("exits/s");
    assertThat(bench("--only", "w6", "--runs", "1", "--quick", "--no-qemu", "--json"))
        .startsWith("{")
        .contains("\"w6\"", "\"superblock\"")
        .doesNotContain("w1");
    assertThat(bench("--only", "w9")).contains("there is no workload 'w9'", "w1, w2");
  }

  @Test
  void theBenchmarkOfGoingBackPrintsItsGoalsAndWhatTheHistoryTakes() {
    assertThat(bench("--only", "back", "--quick"))
        .contains("checkpoints", "history", "one step back, p50, w1 (ms)")
        .contains("one step back, p90, w5 (ms)")
        .doesNotContain("MIPS");
  }

  private static String bench(String... arguments) {
    StringWriter text = new StringWriter();
    CommandLine command = new CommandLine(new BenchCommand());
    command.setOut(new PrintWriter(text)).setErr(new PrintWriter(text)).execute(arguments);
    return text.toString();
  }
}
