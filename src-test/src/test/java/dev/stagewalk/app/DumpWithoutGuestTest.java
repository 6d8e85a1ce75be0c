package dev.stagewalk.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A PE of a dump on which no guest has been entered has no stage-2 tables to judge. */
final class DumpWithoutGuestTest {
  private static final String DUMP = "src/test/resources/dumps/kvm61-nvhe-linuxguest.elf";

  @ParameterizedTest
  @ValueSource(strings = {"check", "tables", "walk"})
  void itIsSaidAndNoTableOfZerosIsFoundWrong(String command) {
    StringWriter text = new StringWriter();
    int code =
        StagewalkCommand.commandLine(Display.ofThisMachine(), new StagewalkFaces())
            .setOut(new PrintWriter(text))
            .setErr(new PrintWriter(text))
            .execute(
                command.equals("walk")
                    ? new String[] {command, DUMP, "--cpu", "0", "--ipa", "0x40203000"}
                    : new String[] {command, DUMP, "--cpu", "0"});
    assertThat(code).isEqualTo(2);
    assertThat(text.toString())
        .contains("no guest has been entered on this PE; choose another with --cpu N")
        .doesNotContain("illegal");
  }
}
