package dev.stagewalk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The distribution as {@code mvn package} leaves it, started as a user would start it. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the script is for sh")
final class DistributionTest {
  private static final Path SCRIPT =
      Path.of("..", "app", "target", "stagewalk", "bin", "stagewalk").toAbsolutePath().normalize();

  @BeforeEach
  void wasPackaged() {
    assumeTrue(Files.isRegularFile(SCRIPT), "mvn package has not been run");
  }

  @Test
  void namesItsVersionWithNothingButAJdk() throws Exception {
    Run run = run("--version");
    assertThat(run.lines).singleElement().asString().startsWith("Stagewalk ");
    assertThat(run.exit).isZero();
  }

  @Test
  void answersWrongUsageWithOneLineAndExitCodeTwo() throws Exception {
    Run run = run("--no-such-option");
    assertThat(run.lines)
        .singleElement()
        .asString()
        .startsWith("stagewalk: ")
        .contains("--no-such-option");
    assertThat(run.exit).isEqualTo(2);
  }

  private static Run run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(SCRIPT.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("STAGEWALK_JAVA", System.getProperty("java.home"));
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Run(process.waitFor(), output.lines().toList());
  }

  private record Run(int exit, List<String> lines) {}
}
