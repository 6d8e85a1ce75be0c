package dev.stagewalk.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class StagewalkCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final List<String> done = new ArrayList<>();
  private @Nullable String refusal;

  @Test
  void aloneItOpensTheWindow() {
    assertThat(commandLine("Mac OS X").execute()).isZero();
    assertThat(done).containsExactly("window");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void withoutDisplayAndFontsItSaysWhyInOneLineAndRunsInWords() {
    assertThat(commandLine("Linux").execute()).isZero();
    assertThat(done).containsExactly("without screen, pictures: false");
    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .startsWith("No window and no pictures, only the log: DISPLAY is not set, GTK 3 is missing")
        .contains("libgtk-3-0", "fonts-dejavu-core");
  }

  @Test
  void aWindowThatJavaFxRefusesLeavesTheLog() {
    refusal = "Unable to open DISPLAY";
    assertThat(commandLine("Mac OS X").execute()).isZero();
    assertThat(done).containsExactly("window", "without screen, pictures: false");
    assertThat(err.toString().lines())
        .containsExactly("No window and no pictures, only the log: Unable to open DISPLAY.");
  }

  @Test
  void anImageToBeginWithIsWhatRunsWithoutAScreen(@TempDir Path folder) throws Exception {
    Path image = Files.write(folder.resolve("image.flat"), new byte[] {0x1f, 0x20, 3, (byte) 0xd5});
    assertThat(commandLine("Linux").execute("--open", image.toString())).isZero();
    assertThat(done).containsExactly("image.flat", "without screen, pictures: false");

    done.clear();
    assertThat(commandLine("Linux").execute("--open", folder.resolve("none").toString()))
        .isEqualTo(2);
    assertThat(err.toString()).contains("does not exist");
    assertThat(done).isEmpty();
  }

  @Test
  void wrongUsageIsOneLineAndExitCodeTwo() {
    assertThat(commandLine("Mac OS X").execute("--no-such-option")).isEqualTo(2);
    assertThat(err.toString().lines())
        .containsExactly("stagewalk: Unknown option: '--no-such-option' (see stagewalk --help)");
    assertThat(done).isEmpty();
  }

  @Test
  void helpNamesTheProgram() {
    assertThat(commandLine("Linux").execute("--help")).isZero();
    assertThat(out.toString()).contains("Usage: stagewalk");
    assertThat(done).isEmpty();
  }

  private CommandLine commandLine(String osName) {
    return StagewalkCommand.commandLine(
            new Display(osName, Map.of(), new BareMachine()), new RecordingFaces())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true));
  }

  private final class RecordingFaces implements Faces {
    @Override
    public void openWindow(Optional<OpenedFile> image) {
      done.add("window");
      if (refusal != null) {
        throw new UnsupportedOperationException(refusal);
      }
    }

    @Override
    public int runWithoutScreen(Optional<OpenedFile> file, PrintWriter ignored, boolean pictures) {
      file.ifPresent(opened ->
          done.add(
              switch (opened) {
                case OpenedFile.Guest guest -> guest.scenario().title();
                case OpenedFile.Imported recording -> recording.trace().name();
                case OpenedFile.Run run -> run.run().scenario().title();
                case OpenedFile.Dump dump -> dump.dump().name();
              }));
      done.add("without screen, pictures: " + pictures);
      return 0;
    }
  }

  /** A machine with no library of a desktop on it. */
  private static final class BareMachine implements Display.Probe {
    @Override
    public boolean loads(String library) {
      return false;
    }

    @Override
    public boolean answers(String display) {
      return false;
    }

    @Override
    public boolean hasFonts() {
      return false;
    }
  }
}
