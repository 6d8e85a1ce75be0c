package dev.stagewalk.app.boot;

import dev.stagewalk.app.EventsFile;
import dev.stagewalk.app.tables.Sizes;
import dev.stagewalk.board.BoardPlan;
import dev.stagewalk.board.Machine;
import dev.stagewalk.board.Profiles;
import dev.stagewalk.cpu.Engine;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.EventSink;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.image.boot.Boot;
import dev.stagewalk.image.boot.ImageException;
import dev.stagewalk.mmu.Tlb;
import dev.stagewalk.mmu.TlbPlan;
import dev.stagewalk.trace.EventJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code stagewalk boot IMAGE}. */
@Command(
    name = "boot",
    mixinStandardHelpOptions = true,
    description = {
      "Boots an image that was built for a bare machine, at EL2: an ELF program, an arm64 Image or"
          + " a flat image. Its UART is on the standard input and output.",
      "Exit code: (n - 1) / 2 of the image's line 'EXIT: STATUS=n', 3 if it prints none, 2 for"
          + " wrong usage."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  stagewalk boot hypervisor.elf",
      "  stagewalk boot timer.flat --profile neoverse-n1 --mem 256M",
      "  stagewalk boot gic.flat --pes 4 --append ipi --events events.jsonl"
    })
public final class BootCommand implements Callable<Integer> {
  /** Images built elsewhere expect what emulators have, and that is most. */
  static final String USUAL_PROFILE = "max";

  private static final int NO_STATUS = 3;
  private static final int HOST_PAGE = 4096;
  private static final long SECONDS_TO_END = 5;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(arity = "1", paramLabel = "IMAGE", description = "the image's file")
  private Path image = Path.of("");

  @Option(
      names = "--profile",
      paramLabel = "CPU",
      defaultValue = USUAL_PROFILE,
      description = "kind of CPU; `stagewalk profiles` lists them (default: ${DEFAULT-VALUE})")
  private String profile = "";

  @Option(
      names = "--mem",
      paramLabel = "SIZE",
      defaultValue = "512M",
      description = "RAM, 8M to 16G (default: ${DEFAULT-VALUE})")
  private String memory = "";

  @Option(
      names = "--pes",
      paramLabel = "N",
      defaultValue = "1",
      description = "processing elements, 1 to 4; all but the first are off until PSCI CPU_ON")
  private int pes;

  @Option(
      names = "--quantum",
      paramLabel = "N",
      defaultValue = "1000",
      description =
          "instructions a PE executes before the next has its turn (default: ${DEFAULT-VALUE})")
  private long quantum;

  @Option(
      names = "--dtb",
      paramLabel = "FILE",
      description = "a device tree instead of the built-in one")
  private @Nullable Path tree;

  @Option(
      names = "--append",
      paramLabel = "ARGS",
      defaultValue = "",
      description = "arguments for the image: bootargs in the built-in device tree")
  private String arguments = "";

  @Option(
      names = "--initrd",
      paramLabel = "FILE",
      description =
          "an initial ramdisk; the built-in device tree says where it lies. Tests of the"
              + " kvm-unit-tests family take their environment from it")
  private @Nullable Path ramdisk;

  @Option(
      names = "--tlb",
      paramLabel = "KIND",
      defaultValue = "realistic",
      description =
          "realistic (bounded), off (every access walks) or adversarial (keeps all that the"
              + " architecture lets it keep, UNKNOWN registers hold 0x0bad…)")
  private String tlb = "";

  @Mixin private EventsFile events = new EventsFile();

  @Option(
      names = "--max-instructions",
      paramLabel = "N",
      defaultValue = "10000000000",
      description = "stop an image that goes on for longer (default: ${DEFAULT-VALUE})")
  private long most;

  @Option(
      names = "--engine",
      paramLabel = "ENGINE",
      defaultValue = "compiled",
      description = "executes the image: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  private Engine engine = Engine.USUAL;

  @Override
  public Integer call() throws IOException {
    if (most < 1) {
      throw wrong("--max-instructions must be at least 1");
    }
    if (tree != null && !(arguments.isEmpty() && ramdisk == null)) {
      throw wrong(
          (arguments.isEmpty() ? "--initrd" : "--append")
              + " goes into the built-in device tree, and --dtb replaces it");
    }
    BoardPlan board;
    Boot boot;
    try {
      board = new BoardPlan(pes, 0, quantum, BoardPlan.USUAL_EPOCH, TlbPlan.parse(tlb), profile);
      boot = ImageFiles.open(image, Sizes.parse(memory), arguments, ramdisk, tree);
    } catch (ImageException | IllegalArgumentException e) {
      throw wrong(Objects.requireNonNullElse(e.getMessage(), "wrong usage"));
    }
    boot.image().notes().forEach(err()::println);
    GuestConsole console = new GuestConsole(commandSpec().commandLine().getOut());
    Optional<SimEvent.GuestStopped> end = run(boot, board, console);
    err()
        .println(
            end.map(e ->
                    e.ok()
                        ? "The image has ended: " + e.reason() + "."
                        : "The image was stopped: " + e.reason() + ".")
                .orElse("Interrupted."));
    err().flush();
    OptionalInt status = console.status();
    return status.isPresent() ? (status.getAsInt() - 1) / 2 : NO_STATUS;
  }

  private Optional<SimEvent.GuestStopped> run(Boot boot, BoardPlan board, GuestConsole console)
      throws IOException {
    if (events.isTracefs()) {
      throw events.onlyJson();
    }
    AtomicBoolean interrupted = new AtomicBoolean();
    CountDownLatch finished = new CountDownLatch(1);
    Thread atInterrupt =
        new Thread(() -> {
          interrupted.set(true);
          try {
            // What has been written of the events must be whole lines.
            finished.await(SECONDS_TO_END, TimeUnit.SECONDS);
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
        });
    try (Writer file = events.open();
        EventJson json = new EventJson(file)) {
      Runtime.getRuntime().addShutdownHook(atInterrupt);
      BootRun run =
          new BootRun(
              sink -> machine(boot, board, sink),
              events.isNamed() ? writing(json) : event -> {},
              console,
              new Keyboard(System.in),
              board.pes(),
              boot.image().symbols());
      return run.toTheEnd(most, interrupted::get);
    } catch (UncheckedIOException e) {
      throw events.cannotGoOn(Objects.requireNonNull(e.getCause()));
    } finally {
      finished.countDown();
      if (!interrupted.get()) {
        Runtime.getRuntime().removeShutdownHook(atInterrupt);
      }
    }
  }

  private Machine machine(Boot boot, BoardPlan board, EventSink sink) {
    Machine machine =
        new Machine(
            Profiles.standard().require(board.profile()),
            board,
            boot.memory(),
            HOST_PAGE,
            new Tlb(board.tlb()),
            sink);
    machine.use(engine);
    boot.load(machine);
    return machine;
  }

  private static Consumer<Event> writing(EventJson json) {
    return event -> {
      try {
        json.write(event);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }

  private PrintWriter err() {
    return commandSpec().commandLine().getErr();
  }

  private CommandSpec commandSpec() {
    return Objects.requireNonNull(spec);
  }

  private ParameterException wrong(String message) {
    return new ParameterException(commandSpec().commandLine(), message);
  }
}
