package dev.stagewalk.app;

import dev.stagewalk.app.tables.DumpOptions;
import dev.stagewalk.app.tables.SampleMoment;
import dev.stagewalk.arch.Alike;
import dev.stagewalk.guests.Catalogue;
import dev.stagewalk.session.BreakpointTexts;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.Place;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Session;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.views.Theme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code stagewalk shot SAMPLE}: a picture of the window at a moment, without showing it. */
@picocli.CommandLine.Command(
    name = "shot",
    mixinStandardHelpOptions = true,
    description = "Draws the window at a moment of a sample's run into a PNG file.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  stagewalk shot demand-paging --at 'exit 2' --out fault.png",
      "  stagewalk shot demand-paging --at 1:11.2 --theme light --size 1920x1080 --out walk.png",
      "  stagewalk shot read-only --at end --pane 'trap log' --out log.png",
      "  stagewalk shot trace.dat --at 'event 47' --out trace.png"
    })
final class ShotCommand implements Callable<Integer> {
  private static final Pattern SIZE = Pattern.compile("(\\d{2,5})[x×](\\d{2,5})");

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "1",
      paramLabel = "SAMPLE|FILE",
      description = "a sample's name, or the file of an image, a recording, a trace or a dump")
  private String sample = "";

  @Option(
      names = "--at",
      paramLabel = "MOMENT",
      description = {
        "branch:instruction.micro, or start, end, 50%%, event N, exit N (default: exit 1, or start"
            + " of a trace without exits)"
      })
  private @Nullable String at;

  @Option(
      names = "--theme",
      paramLabel = "dark|light",
      defaultValue = "dark",
      description = "(default: ${DEFAULT-VALUE})")
  private String theme = "";

  @Option(
      names = "--size",
      paramLabel = "WxH",
      defaultValue = "1600x1000",
      description = "in pixels (default: ${DEFAULT-VALUE})")
  private String size = "";

  @Option(
      names = "--arrangement",
      paramLabel = "teach|debug|replay",
      description = "which panes are open (default: debug, of a trace replay)")
  private @Nullable String arrangement;

  @Option(names = "--projector", description = "in large type, with few panes, for a hall")
  private boolean projector;

  @Option(names = "--pane", paramLabel = "NAME", description = "this pane alone")
  private @Nullable String pane;

  @Option(
      names = "--compare",
      paramLabel = "MOMENT",
      description = "with what differs between that moment and this one")
  private @Nullable String compare;

  @Option(
      names = "--break",
      paramLabel = "BREAKPOINT",
      description = "with this breakpoint, and the list of them in front; as often as needed")
  private List<String> breaks = List.of();

  @Mixin private DumpOptions beside = new DumpOptions();

  @Option(names = "--out", paramLabel = "FILE", required = true, description = "the PNG file")
  private Path out = Path.of("");

  @Override
  public Integer call() throws IOException {
    Catalogue guests = Catalogue.standard();
    Optional<Scenario> known = guests.find(sample);
    OpenedFile opened = known.isPresent() ? new OpenedFile.Guest(known.get()) : file(guests);
    Matcher m = SIZE.matcher(size);
    if (!m.matches()) {
      throw wrong("--size is WIDTHxHEIGHT in pixels, such as 1600x1000, not '" + size + "'");
    }
    int width = Integer.parseInt(m.group(1));
    int height = Integer.parseInt(m.group(2));
    Theme look = themeOf(theme);
    Arrangement arranged = arrangementOf(arrangementFor(opened));
    switch (Display.ofThisMachine().forPictures()) {
      case Screen.TextOnly none -> throw wrong(none.sentence());
      case Screen.Window _, Screen.Headless _ -> Display.drawOffScreen();
    }
    try (Session session = opened.session()) {
      if (!(opened instanceof OpenedFile.Dump)) {
        SampleMoment.go(session, moment(session));
      }
      for (String text : breaks) {
        BreakpointTexts.problem(text, session.snapshot())
            .ifPresent(why -> {
              throw wrong("--break " + why);
            });
        session.submit(new Command.AddBreakpoint(text)).join();
      }
      Rendering rendering = new Rendering(Parts.of(guests.scenarios()));
      PngImage.write(
          rendering.render(
              session,
              new Rendering.Pose(
                  look, width, height, arranged, projector, Optional.ofNullable(pane)),
              other(session)),
          out);
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
    return 0;
  }

  private String moment(Session session) {
    String asked = at;
    if (asked != null) {
      return asked;
    }
    return session.snapshot().recording().map(trace -> trace.exits() == 0).orElse(false)
        ? "start"
        : "exit 1";
  }

  private Optional<Snapshot> other(Session session) {
    String moment = compare;
    if (moment == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(session.submit(new Command.Glance(Place.parse(moment))).join());
    } catch (CompletionException e) {
      throw new IllegalArgumentException(
          "--compare: " + (e.getCause() == null ? e : e.getCause()).getMessage(), e);
    }
  }

  /** A recording is best read as a list. */
  private String arrangementFor(OpenedFile opened) {
    String asked = arrangement;
    if (asked != null) {
      return asked;
    }
    return opened instanceof OpenedFile.Imported ? "replay" : "debug";
  }

  private OpenedFile file(Catalogue guests) {
    if (!Files.exists(Path.of(sample)) && !OpenedFile.isDump(Path.of(sample))) {
      throw wrong("there is no sample '" + sample + "'" + Alike.choice(sample, guests.names()));
    }
    try {
      return OpenedFile.read(Path.of(sample), beside);
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private Theme themeOf(String name) {
    for (Theme candidate : Theme.values()) {
      if (candidate.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(name)) {
        return candidate;
      }
    }
    throw wrong("--theme is dark or light, not '" + name + "'");
  }

  private Arrangement arrangementOf(String name) {
    for (Arrangement candidate : Arrangement.values()) {
      if (candidate.name().toLowerCase(Locale.ROOT).equals(name)) {
        return candidate;
      }
    }
    throw wrong("--arrangement is teach, debug or replay, not '" + name + "'");
  }

  private ParameterException wrong(String sentence) {
    return new ParameterException(Objects.requireNonNull(spec).commandLine(), sentence);
  }
}
