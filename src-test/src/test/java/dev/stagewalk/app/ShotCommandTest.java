package dev.stagewalk.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@NeedsDrawing
class ShotCommandTest {
  @TempDir private Path folder;
  private final StringWriter err = new StringWriter();

  @Test
  void drawsTheWindowInTheSizeAskedForWithMoreThanAFewColours() throws IOException {
    Path file = folder.resolve("fault.png");
    assertThat(shot("demand-paging", "--at", "exit 2", "--size", "1280x720", "--out", file))
        .isZero();
    BufferedImage picture = ImageIO.read(file.toFile());
    assertThat(picture.getWidth()).isEqualTo(1280);
    assertThat(picture.getHeight()).isEqualTo(720);
    assertThat(colours(picture)).hasSizeGreaterThan(100);
  }

  @Test
  void aPaneAloneAndALightThemeGiveAnotherPicture() throws IOException {
    Path dark = folder.resolve("dark.png");
    Path light = folder.resolve("light.png");
    shot("hvc", "--at", "1:3.1", "--pane", "table walk", "--size", "800x600", "--out", dark);
    shot(
        "hvc",
        "--at",
        "1:3.1",
        "--pane",
        "table walk",
        "--size",
        "800x600",
        "--theme",
        "light",
        "--out",
        light);
    assertThat(ImageIO.read(dark.toFile()).getRGB(4, 4))
        .isNotEqualTo(ImageIO.read(light.toFile()).getRGB(4, 4));
  }

  @Test
  void anExitThatTheRunDoesNotHaveIsOneLineAndExitCodeTwo() {
    assertThat(shot("hvc", "--at", "exit 99", "--out", folder.resolve("x.png"))).isEqualTo(2);
    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .contains("this run has 6 exits, so there is no exit 99");
  }

  @Test
  void aProjectorsPictureIsAnotherAndAnUnknownArrangementIsRefused() throws IOException {
    Path usual = folder.resolve("usual.png");
    Path hall = folder.resolve("hall.png");
    shot("hvc", "--arrangement", "teach", "--size", "1280x720", "--out", usual);
    shot("hvc", "--projector", "--size", "1280x720", "--out", hall);
    BufferedImage one = ImageIO.read(usual.toFile());
    BufferedImage other = ImageIO.read(hall.toFile());
    int differ = 0;
    for (int x = 0; x < 1280; x += 4) {
      for (int y = 0; y < 720; y += 4) {
        differ += one.getRGB(x, y) == other.getRGB(x, y) ? 0 : 1;
      }
    }
    assertThat(differ).isGreaterThan(1000);
    assertThat(shot("hvc", "--arrangement", "x", "--out", usual)).isEqualTo(2);
    assertThat(err.toString()).contains("--arrangement is teach, debug or replay, not 'x'");
  }

  @Test
  void aTraceWithoutExitsIsDrawnAtItsStart() throws IOException {
    Path listing = Path.of("src/test/resources/dumps/kvm73-vhe-linuxguest.stage2_page_tables.txt");
    Path picture = folder.resolve("listing.png");
    assertThat(shot(listing, "--size", "800x600", "--out", picture)).as("%s", err).isZero();
    assertThat(colours(ImageIO.read(picture.toFile()))).hasSizeGreaterThan(10);
  }

  @Test
  void anUnknownSampleIsAnsweredWithThoseThereAre() {
    assertThat(shot("no-such", "--out", folder.resolve("x.png"))).isEqualTo(2);
    assertThat(err.toString()).contains("demand-paging, hvc, uart");
  }

  private int shot(Object... arguments) {
    String[] words = new String[arguments.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = arguments[i].toString();
    }
    return new CommandLine(new ShotCommand())
        .setErr(new PrintWriter(err, true))
        .setParameterExceptionHandler((e, _) -> {
          err.append(e.getMessage()).append('\n');
          return 2;
        })
        .execute(words);
  }

  private static Set<Integer> colours(BufferedImage picture) {
    Set<Integer> found = new HashSet<>();
    for (int y = 0; y < picture.getHeight(); y += 3) {
      for (int x = 0; x < picture.getWidth(); x += 3) {
        found.add(picture.getRGB(x, y));
      }
    }
    return found;
  }
}
